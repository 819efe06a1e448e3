# In place of packed.py for whatever packs nothing: it loads where libtorch has no oneDNN, too.

def pack(weight: Tensor) -> Tensor:
  return weight

def convolution(x: Tensor, weight: Tensor, bias: Optional[Tensor], strides: List[int], paddings: List[int]) -> Tensor:
  return torch.conv2d(x, weight, bias, strides, paddings)

def linear(x: Tensor, weight: Tensor, bias: Optional[Tensor]) -> Tensor:
  return torch.linear(x, weight, bias)
