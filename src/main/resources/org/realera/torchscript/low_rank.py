# The change of a weight as a product of two thin matrices, in float64 on the CPU.
class Net(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  # D = W' - W as a matrix, [out, in kh kw] of a convolution; its singular value decomposition, and |W'|: [D, U, S, V^T, norm].
  def decompose(self: __torch__.Net, new: Tensor, old: Tensor) -> List[Tensor]:
    wide = torch.flatten(torch.to(new, 7), 1)
    delta = torch.sub(wide, torch.flatten(torch.to(old, 7), 1))
    u, s, vh = torch.linalg_svd(delta, False)
    return [delta, u, s, vh, torch.linalg_norm(wide)]

  # B = U S^1/2 [out, r] and A = S^1/2 V^T [r, in], rounded to a dtype and given in float32; zeros where r is larger
  # than D has singular values.
  def factors(self: __torch__.Net, u: Tensor, s: Tensor, vh: Tensor, rank: int, dtype: int) -> List[Tensor]:
    missing = ops.prim.max(torch.sub(rank, torch.size(s, 0)), 0)
    root = torch.sqrt(torch.slice(s, 0, 0, rank))
    up = torch.mul(torch.slice(u, 1, 0, rank), root)
    down = torch.mul(torch.slice(vh, 0, 0, rank), torch.unsqueeze(root, 1))
    up = torch.constant_pad_nd(up, [0, missing], 0)
    down = torch.constant_pad_nd(down, [0, 0, 0, missing], 0)
    up = torch.to(torch.to(up, dtype), 6)
    down = torch.to(torch.to(down, dtype), 6)
    return [torch.contiguous(up), torch.contiguous(down)]

  # |D - B A|
  def residual(self: __torch__.Net, delta: Tensor, up: Tensor, down: Tensor) -> float:
    product = torch.matmul(torch.to(up, 7), torch.to(down, 7))
    return float(torch.linalg_norm(torch.sub(delta, product)))
