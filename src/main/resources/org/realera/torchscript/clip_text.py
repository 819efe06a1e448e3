# The text encoder of Stable Diffusion 1.x: transformers' CLIPTextModel.
class Net(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  w : Dict[str, Tensor]
  layers : int
  heads : int
  act : str
  eps : float

  def configure(self: __torch__.Net, layers: int, heads: int, act: str, eps: float) -> NoneType:
    self.layers = layers
    self.heads = heads
    self.act = act
    self.eps = eps

  def put(self: __torch__.Net, name: str, x: Tensor, like: Tensor, dtype: int) -> NoneType:
    __torch__.ops.put(self.w, name, x, like, dtype)

  # ids [B, S] -> the last hidden state [B, S, d], fp32
  def encode(self: __torch__.Net, ids: Tensor) -> Tensor:
    ids = ids.to(ops.prim.device(self.w["text_model.final_layer_norm.weight"]))
    return __torch__.ops.clip_text(self.w, ids, self.layers, self.heads, self.act, self.eps).float()
