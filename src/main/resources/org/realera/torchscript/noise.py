# Random numbers on the CPU in fp32: those of torch.manual_seed(seed) and torch.randn, torch.rand.
class Net(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  def generator(self: __torch__.Net, seed: int) -> Generator:
    return torch.Generator(device="cpu", seed=seed)

  def normal(self: __torch__.Net, g: Generator, shape: List[int]) -> Tensor:
    return torch.randn(shape, generator=g, dtype=6)

  def uniform(self: __torch__.Net, g: Generator, lo: float, hi: float, shape: List[int], dtype: int) -> Tensor:
    return torch.uniform_(torch.empty(shape, dtype=dtype), lo, hi, generator=g)

  def integer(self: __torch__.Net, g: Generator, n: int) -> int:
    return int(torch.randint(n, [1], generator=g))
