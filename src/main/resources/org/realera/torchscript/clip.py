# A whole CLIP model, transformers' CLIPModel: both towers with their projections into one space.
class Net(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  w : Dict[str, Tensor]
  text_layers : int
  text_heads : int
  text_act : str
  text_eps : float
  vision_layers : int
  vision_heads : int
  vision_act : str
  vision_eps : float
  patch : int

  def configure_text(self: __torch__.Net, layers: int, heads: int, act: str, eps: float) -> NoneType:
    self.text_layers = layers
    self.text_heads = heads
    self.text_act = act
    self.text_eps = eps

  def configure_vision(self: __torch__.Net, layers: int, heads: int, act: str, eps: float, patch: int) -> NoneType:
    self.vision_layers = layers
    self.vision_heads = heads
    self.vision_act = act
    self.vision_eps = eps
    self.patch = patch

  def put(self: __torch__.Net, name: str, x: Tensor, like: Tensor, dtype: int) -> NoneType:
    __torch__.ops.put(self.w, name, x, like, dtype)

  # ids [B, S] -> [B, projection], fp32. The row of the first end-of-text token stands for the text:
  # it has the highest id of every CLIP vocabulary.
  def text_features(self: __torch__.Net, ids: Tensor) -> Tensor:
    ids = ids.to(ops.prim.device(self.w["text_projection.weight"]))
    x = __torch__.ops.clip_text(self.w, ids, self.text_layers, self.text_heads, self.text_act, self.text_eps)
    end = torch.argmax(ids, 1)
    pooled = x[torch.arange(ids.size(0), device=ops.prim.device(ids)), end]
    return __torch__.ops.linear(self.w, "text_projection", pooled).float()

  # pixels [B, 3, size, size], normalised as the model was trained -> [B, projection], fp32
  def image_features(self: __torch__.Net, pixels: Tensor) -> Tensor:
    p = "vision_model.embeddings."
    kernel = self.w[p + "patch_embedding.weight"]
    pixels = pixels.to(ops.prim.device(kernel), ops.prim.dtype(kernel))
    patches = torch.conv2d(pixels, kernel, None, [self.patch, self.patch])
    patches = patches.flatten(2).transpose(1, 2)
    first = self.w[p + "class_embedding"].expand([pixels.size(0), 1, -1])
    x = torch.cat([first, patches], 1) + self.w[p + "position_embedding.weight"]
    # sic: pre_layrnorm is how every CLIP checkpoint spells it
    x = __torch__.ops.layer_norm(self.w, "vision_model.pre_layrnorm", x, self.vision_eps)
    x = __torch__.ops.clip_encoder(
      self.w, "vision_model.encoder", x, self.vision_layers, self.vision_heads, self.vision_act, self.vision_eps, False)
    x = __torch__.ops.layer_norm(self.w, "vision_model.post_layernorm", x[:, 0], self.vision_eps)
    return __torch__.ops.linear(self.w, "visual_projection", x).float()
