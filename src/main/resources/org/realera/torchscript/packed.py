# Weights in oneDNN's own order, made once; else it is made anew for every call. No gradient goes through them.

# weight [out, in, kh, kw] of a convolution or [out, in] of a linear layer
def pack(weight: Tensor) -> Tensor:
  if weight.dim() == 4:
    margin = weight.size(2) // 2
    y = ops.mkldnn._reorder_convolution_weight(weight, [margin, margin], [1, 1], [1, 1], 1, None)
  else:
    y = ops.mkldnn._reorder_linear_weight(weight, None)
  return y

def convolution(x: Tensor, weight: Tensor, bias: Optional[Tensor], strides: List[int], paddings: List[int]) -> Tensor:
  none : List[Optional[number]] = []
  return ops.mkldnn._convolution_pointwise(x, weight, bias, paddings, strides, [1, 1], 1, "none", none, "")

def linear(x: Tensor, weight: Tensor, bias: Optional[Tensor]) -> Tensor:
  none : List[Optional[number]] = []
  return ops.mkldnn._linear_pointwise(x, weight, bias, "none", none, "")
