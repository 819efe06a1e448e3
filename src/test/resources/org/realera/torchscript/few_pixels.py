# The convolution that networks share, beside libtorch's own.
class Net(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  # Its result and the gradients of sum(y * y) at x, weight and bias: ours or libtorch's, fp32 or as bf16 has them.
  def convolution(self: __torch__.Net, x: Tensor, weight: Tensor, bias: Tensor, stride: int, dtype: int,
      ours: bool) -> List[Tensor]:
    grad_was_on = torch.is_grad_enabled()
    torch.set_grad_enabled(True)
    x = x.detach().to(dtype).requires_grad_(True)
    weight = weight.detach().to(dtype).requires_grad_(True)
    bias = bias.detach().to(dtype).requires_grad_(True)
    if ours:
      y = __torch__.ops.convolution(x, weight, bias, stride, 1)
    else:
      y = torch.conv2d(x, weight, bias, [stride, stride], [1, 1])
    found = torch.autograd.grad([torch.sum(y * y)], [x, weight, bias])
    torch.set_grad_enabled(grad_was_on)
    result : List[Tensor] = [y.detach().float()]
    for gradient in found:
      assert gradient is not None
      result.append(gradient.float())
    return result

  def few(self: __torch__.Net, pixels: int, weight: Tensor) -> int:
    return int(__torch__.ops.few_pixels(pixels, weight))

  def product(self: __torch__.Net, x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    return __torch__.ops.product(x, weight, bias)
