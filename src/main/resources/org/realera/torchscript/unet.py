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
  checkpointing : bool

  # heads: attention heads at each resolution, highest resolution first; layers: resnets of each
  # down block, an up block has one more; upcast: attention in fp32; flip: [cos, sin] time embedding;
  # checkpointing: gradients of predicted noise by running each layer twice, in less memory
  def configure(self: __torch__.Net, heads: List[int], layers: int, groups: int, eps: float, act: str,
      upcast: bool, flip: bool, shift: float, checkpointing: bool) -> NoneType:
    self.heads = heads
    self.layers = layers
    self.groups = groups
    self.eps = eps
    self.act = act
    self.upcast = upcast
    self.flip = flip
    self.shift = shift
    self.checkpointing = checkpointing

  def put(self: __torch__.Net, name: str, x: Tensor, like: Tensor, dtype: int) -> NoneType:
    __torch__.ops.put(self.w, name, x, like, dtype)

  # Packs a weight (packed.py), but not that of a 1 x 1 convolution, which may be computed as a linear layer.
  def pack(self: __torch__.Net, name: str) -> NoneType:
    weight = self.w[name]
    if weight.dim() == 2 or (weight.dim() == 4 and weight.size(-1) > 1):
      self.w[name] = __torch__.packed.pack(weight)

  # How many weights are packed
  def packed(self: __torch__.Net) -> int:
    return __torch__.ops.packed(self.w)

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

  # The layers in the order in which x goes through them: kind, module, attention heads, whether the result is a skip, too.
  def order(self: __torch__.Net, w: Dict[str, Tensor]) -> List[Tuple[str, str, int, bool]]:
    blocks = len(self.heads)
    p = "{}_blocks.{}.{}.{}"
    order = [("conv_in", "conv_in", 0, True)]
    for i in range(blocks):
      for j in range(self.layers):
        attention = p.format("down", i, "attentions", j)
        attends = attention + ".norm.weight" in w
        order.append(("resnet", p.format("down", i, "resnets", j), 0, not attends))
        if attends:
          order.append(("transformer", attention, self.heads[i], True))
      if i < blocks - 1:
        order.append(("downsampler", p.format("down", i, "downsamplers", 0), 0, True))

    order.append(("resnet", "mid_block.resnets.0", 0, False))
    order.append(("transformer", "mid_block.attentions.0", self.heads[-1], False))
    order.append(("resnet", "mid_block.resnets.1", 0, False))

    for i in range(blocks):
      for j in range(self.layers + 1):
        attention = p.format("up", i, "attentions", j)
        order.append(("joining resnet", p.format("up", i, "resnets", j), 0, False))
        if attention + ".norm.weight" in w:
          order.append(("transformer", attention, self.heads[blocks - 1 - i], False))
      if i < blocks - 1:
        order.append(("upsampler", p.format("up", i, "upsamplers", 0), 0, False))
    order.append(("conv_out", "conv_out", 0, False))
    return order

  # x through one of them; `skip`, if it takes one; `maps` and `fixed` as in attend, for the cross-attention
  def layer(self: __torch__.Net, w: Dict[str, Tensor], kind: str, p: str, heads: int, x: Tensor, skip: Optional[Tensor],
      temb: Tensor, text: Tensor, maps: Optional[Dict[str, Tensor]], fixed: bool) -> Tensor:
    if kind == "transformer":
      x = self.transformer(w, p, x, text, heads, maps, fixed)
    elif kind == "resnet":
      x = self.resnet(w, p, x, temb)
    elif kind == "joining resnet":
      assert skip is not None
      x = self.resnet(w, p, torch.cat([x, skip], 1), temb)
    elif kind == "downsampler":
      x = __torch__.ops.conv(w, p + ".conv", x, 2, 1)
    elif kind == "upsampler":
      # to the size of the next skip, which is odd where a size halved was odd
      assert skip is not None
      x = __torch__.ops.upsample(w, p, x, skip.size(2), skip.size(3))
    elif kind == "conv_in":
      x = __torch__.ops.conv(w, p, x, 1, 1)
    else:
      x = __torch__.ops.group_norm(w, "conv_norm_out", x, self.groups, self.eps)
      x = __torch__.ops.conv(w, p, __torch__.ops.activation(x, self.act), 1, 1).float()
    return x

  # x through all. A `tape` gets what each layer was given, x and skip; the results of its layers from `first` on become leaves.
  def walk(self: __torch__.Net, w: Dict[str, Tensor], x: Tensor, temb: Tensor, text: Tensor,
      maps: Optional[Dict[str, Tensor]], fixed: bool, tape: Optional[List[Tuple[Tensor, Optional[Tensor]]]],
      first: int) -> Tensor:
    skips : List[Tensor] = []
    for kind, p, heads, keeps in self.order(w):
      skip : Optional[Tensor] = None
      if kind == "joining resnet":
        skip = skips.pop()
      elif kind == "upsampler":
        skip = skips[-1]
      if tape is not None:
        tape.append((x, skip))
      x = self.layer(w, kind, p, heads, x, skip, temb, text, maps, fixed)
      if tape is not None:
        if len(tape) > first:
          x = x.requires_grad_(True)
      if keeps:
        skips.append(x)
    return x

  # In the network's type and device
  def like_weights(self: __torch__.Net, x: Tensor) -> Tensor:
    kernel = self.w["conv_in.weight"]
    return x.to(ops.prim.device(kernel), ops.prim.dtype(kernel))

  # The prediction with weights w
  def forward(self: __torch__.Net, w: Dict[str, Tensor], latents: Tensor, timesteps: Tensor, text: Tensor,
      maps: Optional[Dict[str, Tensor]], fixed: bool) -> Tensor:
    temb = self.time_embedding(w, timesteps)
    return self.walk(w, self.like_weights(latents), temb, self.like_weights(text), maps, fixed, None, 0)

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

  # The tensors under some names.
  def chosen(self: __torch__.Net, tensors: Dict[str, Tensor], names: List[str]) -> List[Tensor]:
    chosen : List[Tensor] = []
    for name in names:
      chosen.append(tensors[name])
    return chosen

  # The gradients that were found of the tensors under some names, and the loss, all divided by `elements`.
  def named(self: __torch__.Net, loss: Tensor, names: List[str], found: List[Optional[Tensor]],
      elements: int) -> Dict[str, Tensor]:
    result : Dict[str, Tensor] = {"loss": loss.detach() / elements}
    for i in range(len(names)):
      gradient = found[i]
      if gradient is not None:
        result[names[i]] = gradient / elements
    return result

  # sum((eps_i - target_i)^2) of each sample, [B]
  def squares(self: __torch__.Net, eps: Tensor, target: Tensor) -> Tensor:
    error = eps - target.to(ops.prim.device(eps), 6)
    return torch.sum(error * error, [1, 2, 3])

  # The first layer that depends on one of the tensors `names`, on temb or on text, if these are differentiated.
  def first(self: __torch__.Net, w: Dict[str, Tensor], names: List[str], temb: bool, text: bool) -> int:
    order = self.order(w)
    for i in range(len(order)):
      kind, p, heads, keeps = order[i]
      # the parentheses are needed: in TorchScript, "and" binds no closer than "or"
      if (kind == "resnet" and temb) or (kind == "transformer" and text):
        return i
      for name in names:
        if name.startswith(p + "."):
          return i
    return len(order) - 1

  # squares() and the gradients of their sum by `weights` [B] at `leaves`, None where there is none; w has those called `names`.
  # With checkpointing, no layer's inner results are kept: on the way back it is run once more.
  def slopes(self: __torch__.Net, w: Dict[str, Tensor], latents: Tensor, timesteps: Tensor, text: Tensor, target: Tensor,
      weights: Tensor, fixed: bool, names: List[str], leaves: List[Tensor]) -> Tuple[Tensor, List[Optional[Tensor]]]:
    weights = weights.to(ops.prim.device(self.w["conv_in.weight"]), 6)
    if not self.checkpointing:
      squares = self.squares(self.forward(w, latents, timesteps, text, None, fixed), target)
      # Sums go backward, not means: in fp16 the mean's gradients would vanish.
      found = torch.autograd.grad([torch.sum(squares * weights)], leaves, None, None, False, True)
      return squares.detach(), found
    temb_from, text_from = self.time_embedding(w, timesteps), self.like_weights(text)
    temb = temb_from.detach().requires_grad_(ops.prim.requires_grad(temb_from))
    text = text_from.detach().requires_grad_(ops.prim.requires_grad(text_from))
    tape : List[Tuple[Tensor, Optional[Tensor]]] = []
    first = self.first(w, names, ops.prim.requires_grad(temb), ops.prim.requires_grad(text))
    torch.set_grad_enabled(False)
    eps = self.walk(w, self.like_weights(latents), temb, text, None, fixed, tape, first)
    torch.set_grad_enabled(True)
    squares = self.squares(eps, target)
    gradient = torch.autograd.grad([torch.sum(squares * weights)], [eps])[0]
    assert gradient is not None
    return squares.detach(), self.back(w, temb, temb_from, text, text_from, fixed, tape, first, gradient, leaves)

  # Gradients at `leaves`, from that at the last layer's result back over the tape, which is used up. temb and text: as given to
  # the layers, and what they were detached from.
  def back(self: __torch__.Net, w: Dict[str, Tensor], temb: Tensor, temb_from: Tensor, text: Tensor, text_from: Tensor,
      fixed: bool, tape: List[Tuple[Tensor, Optional[Tensor]]], first: int, gradient: Tensor,
      leaves: List[Tensor]) -> List[Optional[Tensor]]:
    order = self.order(w)
    sources = leaves.copy()
    origins : List[Tensor] = []
    if ops.prim.requires_grad(temb):
      sources.append(temb)
      origins.append(temb_from)
    if ops.prim.requires_grad(text):
      sources.append(text)
      origins.append(text_from)
    totals : List[Optional[Tensor]] = []
    for source in sources:
      totals.append(None)

    of_skips : List[Tensor] = []
    while len(tape) > first:
      x, skip = tape.pop()
      kind, p, heads, keeps = order[len(tape)]
      if keeps:
        gradient = gradient + of_skips.pop()
      wanted : List[Tensor] = []
      if ops.prim.requires_grad(x):
        wanted.append(x)
      if kind == "joining resnet":
        assert skip is not None
        if ops.prim.requires_grad(skip):
          wanted.append(skip)
      y = self.layer(w, kind, p, heads, x, skip, temb, text, None, fixed)
      outer : List[Optional[Tensor]] = [gradient]
      found = torch.autograd.grad([y], wanted + sources, outer, None, False, True)
      if len(wanted) > 0:
        of_x = found[0]
        assert of_x is not None
        gradient = of_x
      if len(wanted) > 1:
        of_skip = found[1]
        assert of_skip is not None
        of_skips.append(of_skip)
      __torch__.ops.add_found(totals, found[len(wanted):])

    for origin in origins:
      outer : List[Optional[Tensor]] = [totals.pop(len(leaves))]
      __torch__.ops.add_found(totals, torch.autograd.grad([origin], leaves, outer, None, False, True))
    return totals

  # Gradients of sum_i weights_i mean((eps_i - target_i)^2) with respect to the trained edits, fp32, and under the name
  # "loss" the loss itself. target [B, 4, h, w], weights [B].
  def noise_gradients(self: __torch__.Net, latents: Tensor, timesteps: Tensor, text: Tensor, target: Tensor,
      weights: Tensor, edits: Dict[str, Tensor], trained: Dict[str, Tensor], scale: float,
      fixed: bool) -> Dict[str, Tensor]:
    grad_was_on = torch.is_grad_enabled()
    torch.set_grad_enabled(True)
    leaves = self.tracked(edits, trained)
    names = torch.keys(trained)
    squares, found = self.slopes(self.edited(leaves, scale), latents, timesteps, text, target, weights, fixed, names,
      self.chosen(leaves, names))
    weights = weights.to(ops.prim.device(squares), 6)
    result = self.named(torch.sum(squares * weights), names, found, target.numel() // target.size(0))
    torch.set_grad_enabled(grad_was_on)
    return result

  # "losses", mean((eps_i - target_i)^2) of each sample [B], and "text" [B, T, d], the gradient of each at its own text;
  # fp32. target [B, 4, h, w].
  def text_gradients(self: __torch__.Net, latents: Tensor, timesteps: Tensor, text: Tensor, target: Tensor,
      edits: Dict[str, Tensor], scale: float) -> Dict[str, Tensor]:
    grad_was_on = torch.is_grad_enabled()
    torch.set_grad_enabled(True)
    leaf = text.detach().to(ops.prim.device(self.w["conv_in.weight"]), 6).requires_grad_(True)
    none : List[str] = []
    squares, found = self.slopes(self.edited(edits, scale), latents, timesteps, leaf, target,
      torch.ones([target.size(0)]), False, none, [leaf])
    gradient = found[0]
    assert gradient is not None
    elements = target.numel() // target.size(0)
    result : Dict[str, Tensor] = {"losses": squares / elements, "text": gradient / elements}
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
    names = torch.keys(trained)
    found = torch.autograd.grad([loss], self.chosen(leaves, names), None, None, False, True)
    result = self.named(loss, names, found, 1)
    torch.set_grad_enabled(grad_was_on)
    return result
