# Compiles only where libtorch has the operators of packed.py as that calls them.
class Net(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  # Whether they compute in bf16 on this processor; tried on a layer of 32 x 32
  def bf16(self: __torch__.Net) -> bool:
    if not ops.mkldnn._is_mkldnn_bf16_supported():
      return False
    weight = torch.ones([32, 32], dtype=15)
    y = __torch__.packed.linear(weight, __torch__.packed.pack(weight), None)
    return bool(torch.all(y == 32.))
