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

  # The same from rows in place of the tokens' own. rows [B, S, d], in the network's type and device
  def from_rows(self: __torch__.Net, rows: Tensor) -> Tensor:
    return __torch__.ops.clip_rows(self.w, rows, self.layers, self.heads, self.act, self.eps)

  # rows [B, S, d] -> the last hidden state [B, S, d], fp32
  def encode_rows(self: __torch__.Net, rows: Tensor) -> Tensor:
    like = self.w["text_model.final_layer_norm.weight"]
    return self.from_rows(rows.to(ops.prim.device(like), ops.prim.dtype(like))).float()

  # sum_ij gradient_ij d E_ij / d rows for the last hidden state E, [B, S, d] fp32
  def pull_back(self: __torch__.Net, rows: Tensor, gradient: Tensor) -> Tensor:
    like = self.w["text_model.final_layer_norm.weight"]
    grad_was_on = torch.is_grad_enabled()
    torch.set_grad_enabled(True)
    leaf = rows.detach().to(ops.prim.device(like), ops.prim.dtype(like)).requires_grad_(True)
    product = torch.sum(self.from_rows(leaf).float() * gradient.to(ops.prim.device(like), 6))
    found = torch.autograd.grad([product], [leaf])
    result = found[0]
    assert result is not None
    torch.set_grad_enabled(grad_was_on)
    return result.float()
