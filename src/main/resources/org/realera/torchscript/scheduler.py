# The arithmetic of diffusers' DDIMScheduler, in fp32 and in its order of operations.
class Net(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  def linspace(self: __torch__.Net, start: float, end: float, steps: int) -> Tensor:
    return torch.linspace(start, end, steps, dtype=6)

  # alphas_cumprod: the share of signal, squared, that is left after each training timestep.
  # betas [T] -> [T]
  def alphas_cumprod(self: __torch__.Net, betas: Tensor, zero_snr: bool) -> Tensor:
    cumprods = torch.cumprod(1. - betas, 0)
    if zero_snr:
      # rescale_zero_terminal_snr: shifts and stretches so that the last step holds no signal
      roots = cumprods.sqrt()
      first, last = roots[0], roots[-1]
      stretched = ((roots - last) * (first / (first - last))) ** 2
      alphas = torch.cat([stretched[0:1], stretched[1:] / stretched[:-1]])
      cumprods = torch.cumprod(1. - (1. - alphas), 0)
    return cumprods

  # One DDIM step with eta = 0 (equation 12 of the DDIM paper); a and b are the square roots of
  # alphas_cumprod and 1 - alphas_cumprod at this timestep, a_prev and b_prev those at the next one.
  def step(self: __torch__.Net, x: Tensor, output: Tensor, kind: str, a: float, b: float,
      a_prev: float, b_prev: float) -> Tensor:
    if kind == "epsilon":
      original = (x - b * output) / a
      eps = output
    elif kind == "sample":
      original = output
      eps = (x - a * original) / b
    else:
      assert kind == "v_prediction", "unknown prediction type {}".format(kind)
      original = a * x - b * output
      eps = a * output + b * x
    return a_prev * original + b_prev * eps

  # cumprods [B]; x, noise [B, C, H, W] or [C, H, W] (B = 1)
  def add_noise(self: __torch__.Net, x: Tensor, noise: Tensor, cumprods: Tensor) -> Tensor:
    cumprods = cumprods.to(ops.prim.device(x))
    noise = noise.to(ops.prim.device(x))
    if x.dim() == 4:
      cumprods = cumprods[:, None, None, None]
    return cumprods.sqrt() * x + (1. - cumprods).sqrt() * noise

  # What the network is trained to predict of a x + b noise; a and b as in step.
  def target(self: __torch__.Net, x: Tensor, noise: Tensor, kind: str, a: float, b: float) -> Tensor:
    if kind == "epsilon":
      wanted = noise.clone()
    elif kind == "sample":
      wanted = x.clone()
    else:
      assert kind == "v_prediction", "unknown prediction type {}".format(kind)
      wanted = a * noise - b * x
    return wanted
