# Functions that the networks share. `w` holds the weights by their names in the checkpoint, `p` is
# the name of a module in it. Shapes: B batch, C channels, H x W pixels, S sequence, d width.

# Keeps a weight, on the device of `like`; nothing is copied that is of that type and there already.
def put(w: Dict[str, Tensor], name: str, x: Tensor, like: Tensor, dtype: int) -> NoneType:
  w[name] = x.detach().to(ops.prim.device(like), dtype)

def linear(w: Dict[str, Tensor], p: str, x: Tensor) -> Tensor:
  return torch.linear(x, w[p + ".weight"], w.get(p + ".bias"))

# y = W x + b + scale * B A x, where `edits` may hold another W, and A and B (fp32 whatever x is).
def edited_linear(w: Dict[str, Tensor], edits: Dict[str, Tensor], scale: float, p: str, x: Tensor) -> Tensor:
  weight = w[p + ".weight"]
  if p + ".weight" in edits:
    weight = edits[p + ".weight"].to(ops.prim.device(x), ops.prim.dtype(x))
  y = torch.linear(x, weight, w.get(p + ".bias"))
  if p + ".lora_A" in edits:
    a = edits[p + ".lora_A"].to(ops.prim.device(x))
    b = edits[p + ".lora_B"].to(ops.prim.device(x))
    y = y + (scale * torch.linear(torch.linear(x.float(), a), b)).to(ops.prim.dtype(y))
  return y

def conv(w: Dict[str, Tensor], p: str, x: Tensor, stride: int, padding: int) -> Tensor:
  return torch.conv2d(x, w[p + ".weight"], w.get(p + ".bias"), [stride, stride], [padding, padding])

def group_norm(w: Dict[str, Tensor], p: str, x: Tensor, groups: int, eps: float) -> Tensor:
  return torch.group_norm(x, groups, w[p + ".weight"], w[p + ".bias"], eps)

def layer_norm(w: Dict[str, Tensor], p: str, x: Tensor, eps: float) -> Tensor:
  return torch.layer_norm(x, [x.size(-1)], w[p + ".weight"], w[p + ".bias"], eps)

def activation(x: Tensor, kind: str) -> Tensor:
  if kind == "quick_gelu":
    y = x * torch.sigmoid(1.702 * x)
  elif kind == "gelu":
    y = torch.gelu(x)
  else:
    assert kind == "silu" or kind == "swish", "unknown activation {}".format(kind)
    y = torch.silu(x)
  return y

# softmax(q k^T / sqrt(d / heads)) v for each head. q [B, S, d], k and v [B, T, d] -> [B, S, d]
def attention(q: Tensor, k: Tensor, v: Tensor, heads: int, causal: bool) -> Tensor:
  batch, length, width = q.shape
  size = width // heads
  y = torch.scaled_dot_product_attention(
    q.view(batch, length, heads, size).transpose(1, 2),
    k.view(batch, -1, heads, size).transpose(1, 2),
    v.view(batch, -1, heads, size).transpose(1, 2),
    None, 0., causal)
  return y.transpose(1, 2).reshape(batch, length, width)

# diffusers' ResnetBlock2D. x [B, C, H, W], temb [B, D] or None -> [B, C', H, W]
def resnet(w: Dict[str, Tensor], p: str, x: Tensor, temb: Optional[Tensor], groups: int, eps: float, act: str) -> Tensor:
  h = __torch__.ops.activation(__torch__.ops.group_norm(w, p + ".norm1", x, groups, eps), act)
  h = __torch__.ops.conv(w, p + ".conv1", h, 1, 1)
  if temb is not None:
    t = __torch__.ops.linear(w, p + ".time_emb_proj", __torch__.ops.activation(temb, act))
    h = h + t[:, :, None, None]
  h = __torch__.ops.activation(__torch__.ops.group_norm(w, p + ".norm2", h, groups, eps), act)
  h = __torch__.ops.conv(w, p + ".conv2", h, 1, 1)
  if p + ".conv_shortcut.weight" in w:
    x = __torch__.ops.conv(w, p + ".conv_shortcut", x, 1, 0)
  return x + h

# Nearest-neighbor resampling to height x width, then a convolution.
def upsample(w: Dict[str, Tensor], p: str, x: Tensor, height: int, width: int) -> Tensor:
  x = torch.upsample_nearest2d(x, [height, width], None)
  return __torch__.ops.conv(w, p + ".conv", x, 1, 1)

# transformers' CLIPEncoder: pre-norm transformer layers. x [B, S, d] -> [B, S, d]
def clip_encoder(w: Dict[str, Tensor], p: str, x: Tensor, layers: int, heads: int, act: str, eps: float, causal: bool) -> Tensor:
  for i in range(layers):
    q = "{}.layers.{}".format(p, i)
    h = __torch__.ops.layer_norm(w, q + ".layer_norm1", x, eps)
    h = __torch__.ops.attention(
      __torch__.ops.linear(w, q + ".self_attn.q_proj", h),
      __torch__.ops.linear(w, q + ".self_attn.k_proj", h),
      __torch__.ops.linear(w, q + ".self_attn.v_proj", h),
      heads, causal)
    x = x + __torch__.ops.linear(w, q + ".self_attn.out_proj", h)
    h = __torch__.ops.layer_norm(w, q + ".layer_norm2", x, eps)
    h = __torch__.ops.activation(__torch__.ops.linear(w, q + ".mlp.fc1", h), act)
    x = x + __torch__.ops.linear(w, q + ".mlp.fc2", h)
  return x

# The last hidden state of a CLIP text model after its final layer norm. ids [B, S] -> [B, S, d]
def clip_text(w: Dict[str, Tensor], ids: Tensor, layers: int, heads: int, act: str, eps: float) -> Tensor:
  tokens = torch.embedding(w["text_model.embeddings.token_embedding.weight"], ids)
  places = w["text_model.embeddings.position_embedding.weight"][:ids.size(1)]
  x = __torch__.ops.clip_encoder(w, "text_model.encoder", tokens + places, layers, heads, act, eps, True)
  return __torch__.ops.layer_norm(w, "text_model.final_layer_norm", x, eps)
