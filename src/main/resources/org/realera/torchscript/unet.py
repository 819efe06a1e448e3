# The noise predictor of Stable Diffusion 1.x: diffusers' UNet2DConditionModel.
class Net(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  w : Dict[str, Tensor]
  heads : List[int]
  layers : int
  groups : int
  eps : float
  act : str
  upcast : bool
  flip : bool
  shift : float

  # heads: attention heads at each resolution, highest resolution first; layers: resnets of each
  # down block, an up block has one more; upcast: attention in fp32; flip: [cos, sin] time embedding
  def configure(self: __torch__.Net, heads: List[int], layers: int, groups: int, eps: float, act: str,
      upcast: bool, flip: bool, shift: float) -> NoneType:
    self.heads = heads
    self.layers = layers
    self.groups = groups
    self.eps = eps
    self.act = act
    self.upcast = upcast
    self.flip = flip
    self.shift = shift

  def put(self: __torch__.Net, name: str, x: Tensor, like: Tensor, dtype: int) -> NoneType:
    __torch__.ops.put(self.w, name, x, like, dtype)

  # Sinusoids of the timestep, computed in fp32, through two linear layers. t [B] -> [B, 4 C]
  def time_embedding(self: __torch__.Net, t: Tensor) -> Tensor:
    weight = self.w["time_embedding.linear_1.weight"]
    half = weight.size(1) // 2
    t = t.to(ops.prim.device(weight), 6)
    k = torch.arange(0, half, dtype=6, device=ops.prim.device(weight))
    # frequencies 10000^(-k / (half - shift))
    angles = t[:, None] * torch.exp(-9.210340371976184 * k / (half - self.shift))
    if self.flip:
      y = torch.cat([torch.cos(angles), torch.sin(angles)], 1)
    else:
      y = torch.cat([torch.sin(angles), torch.cos(angles)], 1)
    y = __torch__.ops.linear(self.w, "time_embedding.linear_1", y.to(ops.prim.dtype(weight)))
    return __torch__.ops.linear(self.w, "time_embedding.linear_2", __torch__.ops.activation(y, self.act))

  # x attends to y: x [B, S, C], y [B, T, d] -> [B, S, C]
  def attend(self: __torch__.Net, p: str, x: Tensor, y: Tensor, heads: int, edits: Dict[str, Tensor], scale: float) -> Tensor:
    q = __torch__.ops.edited_linear(self.w, edits, scale, p + ".to_q", x)
    k = __torch__.ops.edited_linear(self.w, edits, scale, p + ".to_k", y)
    v = __torch__.ops.edited_linear(self.w, edits, scale, p + ".to_v", y)
    if self.upcast:
      h = __torch__.ops.attention(q.float(), k.float(), v.float(), heads, False).to(ops.prim.dtype(x))
    else:
      h = __torch__.ops.attention(q, k, v, heads, False)
    return __torch__.ops.edited_linear(self.w, edits, scale, p + ".to_out.0", h)

  # BasicTransformerBlock: self-attention, cross-attention to the text, gated MLP. x [B, S, C] -> same
  def transformer_block(self: __torch__.Net, p: str, x: Tensor, text: Tensor, heads: int, edits: Dict[str, Tensor], scale: float) -> Tensor:
    h = __torch__.ops.layer_norm(self.w, p + ".norm1", x, 1e-5)
    x = x + self.attend(p + ".attn1", h, h, heads, edits, scale)
    h = __torch__.ops.layer_norm(self.w, p + ".norm2", x, 1e-5)
    x = x + self.attend(p + ".attn2", h, text, heads, edits, scale)
    h = __torch__.ops.layer_norm(self.w, p + ".norm3", x, 1e-5)
    # GEGLU
    value, gate = torch.chunk(__torch__.ops.edited_linear(self.w, edits, scale, p + ".ff.net.0.proj", h), 2, -1)
    h = value * torch.gelu(gate)
    return x + __torch__.ops.edited_linear(self.w, edits, scale, p + ".ff.net.2", h)

  # Transformer2DModel: pixels as a sequence. x [B, C, H, W], text [B, T, d] -> [B, C, H, W]
  def transformer(self: __torch__.Net, p: str, x: Tensor, text: Tensor, heads: int, edits: Dict[str, Tensor], scale: float) -> Tensor:
    batch, channels, height, width = x.shape
    h = __torch__.ops.group_norm(self.w, p + ".norm", x, self.groups, 1e-6)
    # proj_in and proj_out are linear layers in SD 2.x, 1 x 1 convolutions in SD 1.x: the same product
    h = h.permute(0, 2, 3, 1).reshape(batch, height * width, channels)
    h = torch.linear(h, self.w[p + ".proj_in.weight"].flatten(1), self.w[p + ".proj_in.bias"])
    h = self.transformer_block(p + ".transformer_blocks.0", h, text, heads, edits, scale)
    h = torch.linear(h, self.w[p + ".proj_out.weight"].flatten(1), self.w[p + ".proj_out.bias"])
    return x + h.reshape(batch, height, width, channels).permute(0, 3, 1, 2)

  def resnet(self: __torch__.Net, p: str, x: Tensor, temb: Tensor) -> Tensor:
    return __torch__.ops.resnet(self.w, p, x, temb, self.groups, self.eps, self.act)

  # latents [B, 4, h, w], timesteps [B], text [B, T, d] -> predicted noise [B, 4, h, w] fp32
  def predict(self: __torch__.Net, latents: Tensor, timesteps: Tensor, text: Tensor, edits: Dict[str, Tensor], scale: float) -> Tensor:
    kernel = self.w["conv_in.weight"]
    text = text.to(ops.prim.device(kernel), ops.prim.dtype(kernel))
    temb = self.time_embedding(timesteps)
    blocks = len(self.heads)

    x = latents.to(ops.prim.device(kernel), ops.prim.dtype(kernel))
    x = __torch__.ops.conv(self.w, "conv_in", x, 1, 1)
    skips = [x]
    for i in range(blocks):
      for j in range(self.layers):
        p = "down_blocks.{}.{}.{}"
        x = self.resnet(p.format(i, "resnets", j), x, temb)
        if p.format(i, "attentions", j) + ".norm.weight" in self.w:
          x = self.transformer(p.format(i, "attentions", j), x, text, self.heads[i], edits, scale)
        skips.append(x)
      if i < blocks - 1:
        x = __torch__.ops.conv(self.w, "down_blocks.{}.downsamplers.0.conv".format(i), x, 2, 1)
        skips.append(x)

    x = self.resnet("mid_block.resnets.0", x, temb)
    x = self.transformer("mid_block.attentions.0", x, text, self.heads[-1], edits, scale)
    x = self.resnet("mid_block.resnets.1", x, temb)

    for i in range(blocks):
      for j in range(self.layers + 1):
        p = "up_blocks.{}.{}.{}"
        x = torch.cat([x, skips.pop()], 1)
        x = self.resnet(p.format(i, "resnets", j), x, temb)
        if p.format(i, "attentions", j) + ".norm.weight" in self.w:
          x = self.transformer(p.format(i, "attentions", j), x, text, self.heads[blocks - 1 - i], edits, scale)
      if i < blocks - 1:
        # to the size of the next skip, which is odd where a size halved was odd
        height, width = skips[-1].size(2), skips[-1].size(3)
        x = __torch__.ops.upsample(self.w, "up_blocks.{}.upsamplers.0".format(i), x, height, width)

    x = __torch__.ops.group_norm(self.w, "conv_norm_out", x, self.groups, self.eps)
    x = __torch__.ops.conv(self.w, "conv_out", __torch__.ops.activation(x, self.act), 1, 1)
    return x.float()

  # Gradients of sum_i weights_i mean((eps_i - target_i)^2) with respect to every lora_A and lora_B,
  # fp32, and under the name "loss" the loss itself. target [B, 4, h, w], weights [B].
  def loss_gradients(self: __torch__.Net, latents: Tensor, timesteps: Tensor, text: Tensor, target: Tensor,
      weights: Tensor, edits: Dict[str, Tensor], scale: float) -> Dict[str, Tensor]:
    grad_was_on = torch.is_grad_enabled()
    torch.set_grad_enabled(True)
    tracked : Dict[str, Tensor] = {}
    names : List[str] = []
    leaves : List[Tensor] = []
    for name, tensor in edits.items():
      tensor = tensor.detach()
      if name.endswith(".lora_A") or name.endswith(".lora_B"):
        tensor = tensor.to(ops.prim.device(self.w["conv_in.weight"])).requires_grad_(True)
        names.append(name)
        leaves.append(tensor)
      tracked[name] = tensor
    eps = self.predict(latents, timesteps, text, tracked, scale)
    error = eps - target.to(ops.prim.device(eps), 6)
    # Sums go backward, not means: in fp16 the mean's gradients would vanish.
    sums = torch.sum(error * error, [1, 2, 3]) * weights.to(ops.prim.device(eps), 6)
    loss = torch.sum(sums)
    gradients = torch.autograd.grad([loss], leaves)
    torch.set_grad_enabled(grad_was_on)
    elements = eps.numel() // eps.size(0)
    result : Dict[str, Tensor] = {"loss": loss.detach() / elements}
    for i in range(len(names)):
      gradient = gradients[i]
      assert gradient is not None, "{} takes no part in the prediction".format(names[i])
      result[names[i]] = gradient / elements
    return result
