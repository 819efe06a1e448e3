# From latents to images: the decoder of diffusers' AutoencoderKL.
class Net(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  w : Dict[str, Tensor]
  blocks : int
  layers : int
  groups : int
  act : str
  scaling : float

  # blocks: resolutions, each with layers + 1 resnets
  def configure(self: __torch__.Net, blocks: int, layers: int, groups: int, act: str, scaling: float) -> NoneType:
    self.blocks = blocks
    self.layers = layers
    self.groups = groups
    self.act = act
    self.scaling = scaling

  def put(self: __torch__.Net, name: str, x: Tensor, like: Tensor, dtype: int) -> NoneType:
    __torch__.ops.put(self.w, name, x, like, dtype)

  def resnet(self: __torch__.Net, p: str, x: Tensor) -> Tensor:
    return __torch__.ops.resnet(self.w, p, x, None, self.groups, 1e-6, self.act)

  # UNetMidBlock2D: resnet, one-head attention over all pixels, resnet. [B, C, H, W] -> same
  def mid_block(self: __torch__.Net, p: str, x: Tensor) -> Tensor:
    x = self.resnet(p + ".resnets.0", x)
    batch, channels, height, width = x.shape
    a = p + ".attentions.0"
    h = __torch__.ops.group_norm(self.w, a + ".group_norm", x, self.groups, 1e-6)
    h = h.flatten(2).transpose(1, 2)
    h = __torch__.ops.attention(
      __torch__.ops.linear(self.w, a + ".to_q", h),
      __torch__.ops.linear(self.w, a + ".to_k", h),
      __torch__.ops.linear(self.w, a + ".to_v", h),
      1, False)
    h = __torch__.ops.linear(self.w, a + ".to_out.0", h)
    x = x + h.transpose(1, 2).reshape(batch, channels, height, width)
    return self.resnet(p + ".resnets.1", x)

  def norm_act_conv_out(self: __torch__.Net, p: str, x: Tensor) -> Tensor:
    x = __torch__.ops.group_norm(self.w, p + ".conv_norm_out", x, self.groups, 1e-6)
    return __torch__.ops.conv(self.w, p + ".conv_out", __torch__.ops.activation(x, self.act), 1, 1)

  # scaled latents [B, 4, h, w] -> images [B, 3, s*h, s*w] in [0, 1], fp32; NaN where a number was
  # not finite
  def decode(self: __torch__.Net, latents: Tensor) -> Tensor:
    kernel = self.w["post_quant_conv.weight"]
    x = (latents.float() / self.scaling).to(ops.prim.device(kernel), ops.prim.dtype(kernel))
    x = __torch__.ops.conv(self.w, "post_quant_conv", x, 1, 0)
    x = __torch__.ops.conv(self.w, "decoder.conv_in", x, 1, 1)
    x = self.mid_block("decoder.mid_block", x)
    for i in range(self.blocks):
      for j in range(self.layers + 1):
        x = self.resnet("decoder.up_blocks.{}.resnets.{}".format(i, j), x)
      if i < self.blocks - 1:
        p = "decoder.up_blocks.{}.upsamplers.0".format(i)
        x = __torch__.ops.upsample(self.w, p, x, 2 * x.size(2), 2 * x.size(3))
    x = self.norm_act_conv_out("decoder", x)
    x = x.float() * 0.5 + 0.5
    # x - x is 0, but NaN for infinity, which clamping alone would make black or white.
    return torch.clamp(x, 0, 1) + (x - x)

  # images [B, 3, H, W] in [0, 1] -> [B, H, W, 3] uint8, rounded half to even
  def to_rgb8(self: __torch__.Net, images: Tensor) -> Tensor:
    return torch.round(images.permute(0, 2, 3, 1) * 255.).to(0).contiguous().cpu()
