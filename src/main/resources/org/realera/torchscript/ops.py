# Functions that the networks share. `w` holds the weights by their names in the checkpoint, `p` is
# the name of a module in it. Shapes: B batch, C channels, H x W pixels, S sequence, d width.

# Keeps a weight, on the device of `like`; nothing is copied that is of that type and there already.
def put(w: Dict[str, Tensor], name: str, x: Tensor, like: Tensor, dtype: int) -> NoneType:
  w[name] = x.detach().to(ops.prim.device(like), dtype)

# W x + b of many rows, x [B, S, in]. In fp32 on a CPU as a convolution of 1 x 1: that is oneDNN's, where a product of matrices
# is MKL's, which reaches less than half as much on an AMD with AVX-512. Of few rows it stays a product, for a convolution
# brings its weights into an order of its own each time, and that costs as much as 128 rows do.
def product(x: Tensor, weight: Tensor, bias: Optional[Tensor]) -> Tensor:
  if ops.prim.is_cpu(x) and ops.prim.dtype(x) == 6 and x.dim() == 3 and x.size(0) * x.size(1) > 128:
    pixels = x.reshape(1, 1, -1, x.size(2)).permute(0, 3, 1, 2)
    y = torch.conv2d(pixels, weight[:, :, None, None], bias)
    y = y.permute(0, 2, 3, 1).reshape(x.size(0), x.size(1), -1)
  else:
    y = torch.linear(x, weight, bias)
  return y

# Whether so many are few beside a weight: twice as many, and an AMD's MKL would take longer than oneDNN with its order (by their
# rates; not tried). Weights of fewer than 2^22 numbers lie in caches and are not worth it.
def few_pixels(pixels: int, weight: Tensor) -> bool:
  return pixels <= 128 and torch.numel(weight) >= 4194304

# A convolution. Of few pixels by large weights on a CPU, it is a product of the weights as they lie, [out, in kh kw], and the
# pixels' neighborhoods, [in kh kw, B H' W']: here, too, oneDNN's own order of the weights would cost most of the time. See
# few_pixels for the bounds.
def convolution(x: Tensor, weight: Tensor, bias: Optional[Tensor], stride: int, padding: int) -> Tensor:
  height = (x.size(2) + 2 * padding - weight.size(2)) // stride + 1
  width = (x.size(3) + 2 * padding - weight.size(3)) // stride + 1
  strides, paddings = [stride, stride], [padding, padding]
  if ops.prim.is_cpu(x) and __torch__.ops.few_pixels(x.size(0) * height * width, weight):
    columns = torch.im2col(x, [weight.size(2), weight.size(3)], [1, 1], paddings, strides)
    y = torch.matmul(weight.flatten(1), columns.transpose(0, 1).flatten(1))
    y = y.reshape(-1, x.size(0), height, width).transpose(0, 1)
    if bias is not None:
      y = y + bias[:, None, None]
  else:
    y = torch.conv2d(x, weight, bias, strides, paddings)
  return y

# Whether a layer with a packed weight (packed.py) can be computed so: no gradient goes through it.
def stays_packed(x: Tensor, weight: Tensor, bias: Optional[Tensor]) -> bool:
  tracked = ops.prim.requires_grad(x)
  if bias is not None:
    tracked = tracked or ops.prim.requires_grad(bias)
  return ops.prim.is_mkldnn(weight) and not tracked

# How many weights are packed
def packed(w: Dict[str, Tensor]) -> int:
  count = 0
  for weight in w.values():
    if ops.prim.is_mkldnn(weight):
      count = count + 1
  return count

# A weight as plain numbers
def dense(weight: Tensor) -> Tensor:
  return torch.to_dense(weight) if ops.prim.is_mkldnn(weight) else weight

# y = W x + b, where W may be that of a 1 x 1 convolution; and lora_scale * B A x if `w` has A and B (fp32 whatever x is).
def linear(w: Dict[str, Tensor], p: str, x: Tensor) -> Tensor:
  weight, bias = w[p + ".weight"], w.get(p + ".bias")
  if __torch__.ops.stays_packed(x, weight, bias):
    y = __torch__.packed.linear(x, weight, bias)
  else:
    y = __torch__.ops.product(x, __torch__.ops.dense(weight).flatten(1), bias)
  if p + ".lora_A" in w:
    low = torch.linear(x.float(), w[p + ".lora_A"].flatten(1))
    y = y + (w["lora_scale"] * torch.linear(low, w[p + ".lora_B"].flatten(1))).to(ops.prim.dtype(y))
  return y

# The same for a convolution: A [r, in, kh, kw] has its size, stride and padding, B [out, r, 1, 1] mixes channels.
def conv(w: Dict[str, Tensor], p: str, x: Tensor, stride: int, padding: int) -> Tensor:
  strides, paddings = [stride, stride], [padding, padding]
  weight, bias = w[p + ".weight"], w.get(p + ".bias")
  if __torch__.ops.stays_packed(x, weight, bias):
    y = __torch__.packed.convolution(x, weight, bias, strides, paddings)
  else:
    y = __torch__.ops.convolution(x, __torch__.ops.dense(weight), bias, stride, padding)
  if p + ".lora_A" in w:
    low = torch.conv2d(x.float(), w[p + ".lora_A"], None, strides, paddings)
    y = y + (w["lora_scale"] * torch.conv2d(low, w[p + ".lora_B"])).to(ops.prim.dtype(y))
  return y

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

# [B, S, d] -> [B, heads, S, d / heads]
def split_heads(x: Tensor, heads: int) -> Tensor:
  return x.view(x.size(0), -1, heads, x.size(2) // heads).transpose(1, 2)

# softmax(q k^T / sqrt(d / heads)) v for each head. q [B, S, d], k and v [B, T, d] -> [B, S, d]
def attention(q: Tensor, k: Tensor, v: Tensor, heads: int, causal: bool) -> Tensor:
  batch, length, width = q.shape
  y = torch.scaled_dot_product_attention(
    __torch__.ops.split_heads(q, heads), __torch__.ops.split_heads(k, heads), __torch__.ops.split_heads(v, heads),
    None, 0., causal)
  return y.transpose(1, 2).reshape(batch, length, width)

# Its map alone, softmax(q k^T / sqrt(d / heads)) in fp32. q [B, S, d], k [B, T, d] -> [B, heads, S, T]
def attention_map(q: Tensor, k: Tensor, heads: int) -> Tensor:
  q = __torch__.ops.split_heads(q.float(), heads)
  scores = torch.matmul(q, __torch__.ops.split_heads(k.float(), heads).transpose(-2, -1))
  return torch.softmax(scores * (q.size(-1) ** -0.5), -1)

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
  return __torch__.ops.clip_rows(w, tokens, layers, heads, act, eps)

# The same from the tokens' own rows, [B, S, d].
def clip_rows(w: Dict[str, Tensor], tokens: Tensor, layers: int, heads: int, act: str, eps: float) -> Tensor:
  places = w["text_model.embeddings.position_embedding.weight"][:tokens.size(1)]
  x = __torch__.ops.clip_encoder(w, "text_model.encoder", tokens + places, layers, heads, act, eps, True)
  return __torch__.ops.layer_norm(w, "text_model.final_layer_norm", x, eps)

# Adds gradients to those found before.
def add_found(totals: List[Optional[Tensor]], found: List[Optional[Tensor]]) -> NoneType:
  for i in range(len(totals)):
    more, before = found[i], totals[i]
    if more is not None:
      totals[i] = more if before is None else before + more
