# Compiles only where libtorch has the operators of packed.py.
class Net(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  # Whether they compute in bf16 on this processor
  def bf16(self: __torch__.Net) -> bool:
    return ops.mkldnn._is_mkldnn_bf16_supported()
