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

  # The weights with edits over them, in the network's type and device; LoRA pairs stay fp32.
  def edited(self: __torch__.Net, edits: Dict[str, Tensor], scale: float) -> Dict[str, Tensor]:
    w = self.w.copy()
    like = self.w["conv_in.weight"]
    for name, tensor in edits.items():
      if name.endswith(".lora_A") or name.endswith(".lora_B"):
        w[name] = tensor.to(ops.prim.device(like))
      else:
        w[name] = tensor.to(ops.prim.device(like), ops.prim.dtype(like))
    w["lora_scale"] = torch.tensor(scale, dtype=7)
    return w

  # Sinusoids of the timestep, computed in fp32, through two linear layers. t [B] -> [B, 4 C]
  def time_embedding(self: __torch__.Net, w: Dict[str, Tensor], t: Tensor) -> Tensor:
    weight = w["time_embedding.linear_1.weight"]
    half = weight.size(1) // 2
    t = t.to(ops.prim.device(weight), 6)
    k = torch.arange(0, half, dtype=6, device=ops.prim.device(weight))
    # frequencies 10000^(-k / (half - shift))
    angles = t[:, None] * torch.exp(-9.210340371976184 * k / (half - self.shift))
    if self.flip:
      y = torch.cat([torch.cos(angles), torch.sin(angles)], 1)
    else:
      y = torch.cat([torch.sin(angles), torch.cos(angles)], 1)
    y = __torch__.ops.linear(w, "time_embedding.linear_1", y.to(ops.prim.dtype(weight)))
    return __torch__.ops.linear(w, "time_embedding.linear_2", __torch__.ops.activation(y, self.act))

  # x attends to y: x [B, S, C], y [B, T, d] -> [B, S, C]. `maps`, if given, takes softmax(q k^T / sqrt(d)) [B, heads, S, T];
  # fixed: no gradient goes through key and value of y's first row.
  def attend(self: __torch__.Net, w: Dict[str, Tensor], p: str, x: Tensor, y: Tensor, heads: int,
      maps: Optional[Dict[str, Tensor]], fixed: bool) -> Tensor:
    q = __torch__.ops.linear(w, p + ".to_q", x)
    k = __torch__.ops.linear(w, p + ".to_k", y)
    v = __torch__.ops.linear(w, p + ".to_v", y)
    if fixed:
      k = torch.cat([k[:, :1].detach(), k[:, 1:]], 1)
      v = torch.cat([v[:, :1].detach(), v[:, 1:]], 1)
    if maps is not None:
      weights = __torch__.ops.attention_map(q, k, heads)
      maps[p] = weights
      h = torch.matmul(weights, __torch__.ops.split_heads(v.float(), heads))
      h = h.transpose(1, 2).reshape(x.size(0), x.size(1), -1).to(ops.prim.dtype(x))
    elif self.upcast:
      h = __torch__.ops.attention(q.float(), k.float(), v.float(), heads, False).to(ops.prim.dtype(x))
    else:
      h = __torch__.ops.attention(q, k, v, heads, False)
    return __torch__.ops.linear(w, p + ".to_out.0", h)

  # BasicTransformerBlock: self-attention, cross-attention to the text, gated MLP. x [B, S, C] -> same
  def transformer_block(self: __torch__.Net, w: Dict[str, Tensor], p: str, x: Tensor, text: Tensor, heads: int,
      maps: Optional[Dict[str, Tensor]], fixed: bool) -> Tensor:
    h = __torch__.ops.layer_norm(w, p + ".norm1", x, 1e-5)
    x = x + self.attend(w, p + ".attn1", h, h, heads, None, False)
    h = __torch__.ops.layer_norm(w, p + ".norm2", x, 1e-5)
    x = x + self.attend(w, p + ".attn2", h, text, heads, maps, fixed)
    h = __torch__.ops.layer_norm(w, p + ".norm3", x, 1e-5)
    # GEGLU
    value, gate = torch.chunk(__torch__.ops.linear(w, p + ".ff.net.0.proj", h), 2, -1)
    h = value * torch.gelu(gate)
    return x + __torch__.ops.linear(w, p + ".ff.net.2", h)

  # Transformer2DModel: pixels as a sequence. x [B, C, H, W], text [B, T, d] -> [B, C, H, W]; in `maps` [B, heads, H, W, T]
  def transformer(self: __torch__.Net, w: Dict[str, Tensor], p: str, x: Tensor, text: Tensor, heads: int,
      maps: Optional[Dict[str, Tensor]], fixed: bool) -> Tensor:
    batch, channels, height, width = x.shape
    h = __torch__.ops.group_norm(w, p + ".norm", x, self.groups, 1e-6)
    # proj_in and proj_out are linear layers in SD 2.x, 1 x 1 convolutions in SD 1.x: the same product
    h = h.permute(0, 2, 3, 1).reshape(batch, height * width, channels)
    h = __torch__.ops.linear(w, p + ".proj_in", h)
    h = self.transformer_block(w, p + ".transformer_blocks.0", h, text, heads, maps, fixed)
    if maps is not None:
      name = p + ".transformer_blocks.0.attn2"
      maps[name] = maps[name].reshape(batch, heads, height, width, text.size(1))
    h = __torch__.ops.linear(w, p + ".proj_out", h)
    return x + h.reshape(batch, height, width, channels).permute(0, 3, 1, 2)

  def resnet(self: __torch__.Net, w: Dict[str, Tensor], p: str, x: Tensor, temb: Tensor) -> Tensor:
    return __torch__.ops.resnet(w, p, x, temb, self.groups, self.eps, self.act)

  # The prediction with weights w; `maps` and `fixed` as in attend, for the cross-attention
  def forward(self: __torch__.Net, w: Dict[str, Tensor], latents: Tensor, timesteps: Tensor, text: Tensor,
      maps: Optional[Dict[str, Tensor]], fixed: bool) -> Tensor:
    kernel = w["conv_in.weight"]
    text = text.to(ops.prim.device(kernel), ops.prim.dtype(kernel))
    temb = self.time_embedding(w, timesteps)
    blocks = len(self.heads)

    x = latents.to(ops.prim.device(kernel), ops.prim.dtype(kernel))
    x = __torch__.ops.conv(w, "conv_in", x, 1, 1)
    skips = [x]
    for i in range(blocks):
      for j in range(self.layers):
        p = "down_blocks.{}.{}.{}"
        x = self.resnet(w, p.format(i, "resnets", j), x, temb)
        if p.format(i, "attentions", j) + ".norm.weight" in w:
          x = self.transformer(w, p.format(i, "attentions", j), x, text, self.heads[i], maps, fixed)
        skips.append(x)
      if i < blocks - 1:
        x = __torch__.ops.conv(w, "down_blocks.{}.downsamplers.0.conv".format(i), x, 2, 1)
        skips.append(x)

    x = self.resnet(w, "mid_block.resnets.0", x, temb)
    x = self.transformer(w, "mid_block.attentions.0", x, text, self.heads[-1], maps, fixed)
    x = self.resnet(w, "mid_block.resnets.1", x, temb)

    for i in range(blocks):
      for j in range(self.layers + 1):
        p = "up_blocks.{}.{}.{}"
        x = torch.cat([x, skips.pop()], 1)
        x = self.resnet(w, p.format(i, "resnets", j), x, temb)
        if p.format(i, "attentions", j) + ".norm.weight" in w:
          x = self.transformer(w, p.format(i, "attentions", j), x, text, self.heads[blocks - 1 - i], maps, fixed)
      if i < blocks - 1:
        # to the size of the next skip, which is odd where a size halved was odd
        height, width = skips[-1].size(2), skips[-1].size(3)
        x = __torch__.ops.upsample(w, "up_blocks.{}.upsamplers.0".format(i), x, height, width)

    x = __torch__.ops.group_norm(w, "conv_norm_out", x, self.groups, self.eps)
    x = __torch__.ops.conv(w, "conv_out", __torch__.ops.activation(x, self.act), 1, 1)
    return x.float()

  # latents [B, 4, h, w], timesteps [B], text [B, T, d] -> predicted noise [B, 4, h, w] fp32
  def predict(self: __torch__.Net, latents: Tensor, timesteps: Tensor, text: Tensor, edits: Dict[str, Tensor],
      scale: float) -> Tensor:
    return self.forward(self.edited(edits, scale), latents, timesteps, text, None, False)

  # The cross-attention's maps [B, heads, H, W, T] fp32 by the names of their modules, and "eps".
  def cross_attention(self: __torch__.Net, latents: Tensor, timesteps: Tensor, text: Tensor, edits: Dict[str, Tensor],
      scale: float) -> Dict[str, Tensor]:
    maps : Dict[str, Tensor] = {}
    eps = self.forward(self.edited(edits, scale), latents, timesteps, text, maps, False)
    maps["eps"] = eps
    return maps

  # `edits` and over them the trained ones, which gradients are wanted of, as leaves.
  def tracked(self: __torch__.Net, edits: Dict[str, Tensor], trained: Dict[str, Tensor]) -> Dict[str, Tensor]:
    all : Dict[str, Tensor] = {}
    for name, tensor in edits.items():
      all[name] = tensor.detach()
    for name, tensor in trained.items():
      all[name] = tensor.detach().to(ops.prim.device(self.w["conv_in.weight"])).requires_grad_(True)
    return all

  # d loss / d tensor of the trained ones, divided by `elements`; those that have no part in the loss are left out.
  def gradients(self: __torch__.Net, loss: Tensor, elements: int, leaves: Dict[str, Tensor],
      trained: Dict[str, Tensor]) -> Dict[str, Tensor]:
    names : List[str] = []
    wanted : List[Tensor] = []
    for name in trained.keys():
      names.append(name)
      wanted.append(leaves[name])
    found = torch.autograd.grad([loss], wanted, None, None, False, True)
    result : Dict[str, Tensor] = {"loss": loss.detach() / elements}
    for i in range(len(names)):
      gradient = found[i]
      if gradient is not None:
        result[names[i]] = gradient / elements
    return result

  # Gradients of sum_i weights_i mean((eps_i - target_i)^2) with respect to the trained edits, fp32, and under the name
  # "loss" the loss itself. target [B, 4, h, w], weights [B].
  def noise_gradients(self: __torch__.Net, latents: Tensor, timesteps: Tensor, text: Tensor, target: Tensor,
      weights: Tensor, edits: Dict[str, Tensor], trained: Dict[str, Tensor], scale: float,
      fixed: bool) -> Dict[str, Tensor]:
    grad_was_on = torch.is_grad_enabled()
    torch.set_grad_enabled(True)
    leaves = self.tracked(edits, trained)
    eps = self.forward(self.edited(leaves, scale), latents, timesteps, text, None, fixed)
    error = eps - target.to(ops.prim.device(eps), 6)
    # Sums go backward, not means: in fp16 the mean's gradients would vanish.
    sums = torch.sum(error * error, [1, 2, 3]) * weights.to(ops.prim.device(eps), 6)
    result = self.gradients(torch.sum(sums), eps.numel() // eps.size(0), leaves, trained)
    torch.set_grad_enabled(grad_was_on)
    return result

  # "losses", mean((eps_i - target_i)^2) of each sample [B], and "text" [B, T, d], the gradient of each at its own text;
  # fp32. target [B, 4, h, w].
  def text_gradients(self: __torch__.Net, latents: Tensor, timesteps: Tensor, text: Tensor, target: Tensor,
      edits: Dict[str, Tensor], scale: float) -> Dict[str, Tensor]:
    grad_was_on = torch.is_grad_enabled()
    torch.set_grad_enabled(True)
    leaf = text.detach().to(ops.prim.device(self.w["conv_in.weight"]), 6).requires_grad_(True)
    eps = self.forward(self.edited(edits, scale), latents, timesteps, leaf, None, False)
    error = eps - target.to(ops.prim.device(eps), 6)
    sums = torch.sum(error * error, [1, 2, 3])
    found = torch.autograd.grad([torch.sum(sums)], [leaf])
    gradient = found[0]
    assert gradient is not None
    elements = eps.numel() // eps.size(0)
    result : Dict[str, Tensor] = {"losses": sums.detach() / elements, "text": gradient / elements}
    torch.set_grad_enabled(grad_was_on)
    return result

  # As noise_gradients, of what cross-attention gives to some columns of the text: the Frobenius norm of all maps together, or the
  # sum of the norms of each layer's. columns: indices into T; mask [B, 1, H', W']: pixels at 0.5 or less count as zero.
  def attention_gradients(self: __torch__.Net, latents: Tensor, timesteps: Tensor, text: Tensor, columns: Tensor,
      mask: Tensor, layers: bool, edits: Dict[str, Tensor], trained: Dict[str, Tensor],
      scale: float) -> Dict[str, Tensor]:
    grad_was_on = torch.is_grad_enabled()
    torch.set_grad_enabled(True)
    leaves = self.tracked(edits, trained)
    maps : Dict[str, Tensor] = {}
    eps = self.forward(self.edited(leaves, scale), latents, timesteps, text, maps, False)
    columns = columns.to(ops.prim.device(eps))
    mask = mask.to(ops.prim.device(eps), 6)
    parts : List[Tensor] = []
    for name, attention in maps.items():
      chosen = torch.index_select(attention, -1, columns)
      inside = torch.upsample_nearest2d(mask, [attention.size(2), attention.size(3)], None) > 0.5
      parts.append(torch.flatten(chosen * inside[:, :, :, :, None].float()))
    if layers:
      norms : List[Tensor] = []
      for part in parts:
        norms.append(torch.norm(part))
      loss = torch.sum(torch.stack(norms))
    else:
      loss = torch.norm(torch.cat(parts))
    result = self.gradients(loss, 1, leaves, trained)
    torch.set_grad_enabled(grad_was_on)
    return result
