# The closed form (eq. 7) in float64 on the CPU: Gram matrices, one Cholesky solve, the products W T.
class Net(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  # g += weight * y^T x for rows [n, d]; at most 4,096 rows are widened to float64 at a time.
  def add_rows(self: __torch__.Net, g: Tensor, y: Tensor, x: Tensor, weight: float) -> int:
    n = torch.size(x, 0)
    start = 0
    while torch.lt(start, n):
      end = ops.prim.min(torch.add(start, 4096), n)
      xs = torch.to(torch.slice(x, 0, start, end), 7)
      ys = torch.to(torch.slice(y, 0, start, end), 7)
      torch.addmm_(g, torch.t(ys), xs, beta=1, alpha=weight)
      start = end
    return n

  # g += weight * x^T x for symmetric g. Of many rows only the blocks on and above the diagonal are multiplied, 10 of 16.
  def add_square(self: __torch__.Net, g: Tensor, x: Tensor, weight: float) -> int:
    n = torch.size(x, 0)
    d = torch.size(x, 1)
    if torch.__or__(torch.lt(n, 1024), torch.lt(d, 256)):
      return self.add_rows(g, x, x, weight)
    start = 0
    while torch.lt(start, n):
      end = ops.prim.min(torch.add(start, 4096), n)
      xs = torch.to(torch.slice(x, 0, start, end), 7)
      for i in range(4):
        low = torch.floordiv(torch.mul(d, i), 4)
        high = torch.floordiv(torch.mul(d, torch.add(i, 1)), 4)
        block = torch.slice(torch.slice(g, 0, low, high), 1, low, d)
        torch.addmm_(block, torch.t(torch.slice(xs, 1, low, high)), torch.slice(xs, 1, low, d), beta=1, alpha=weight)
      start = end
    _0 = torch.copy_(g, torch.add(torch.triu(g), torch.t(torch.triu(g, 1))))
    return n

  # g += weight * (y - x)^T x; the difference is taken in float64.
  def add_difference(self: __torch__.Net, g: Tensor, y: Tensor, x: Tensor, weight: float) -> int:
    n = torch.size(x, 0)
    start = 0
    while torch.lt(start, n):
      end = ops.prim.min(torch.add(start, 4096), n)
      xs = torch.to(torch.slice(x, 0, start, end), 7)
      ys = torch.to(torch.slice(y, 0, start, end), 7)
      torch.addmm_(g, torch.t(torch.sub(ys, xs)), xs, beta=1, alpha=weight)
      start = end
    return n

  def add_matrix(self: __torch__.Net, g: Tensor, other: Tensor, weight: float) -> int:
    torch.add_(g, other, alpha=weight)
    return 0

  # g += ridge I
  def add_ridge(self: __torch__.Net, g: Tensor, ridge: float) -> int:
    _0 = torch.add_(torch.diagonal(g), ridge)
    return 0

  def trace(self: __torch__.Net, g: Tensor) -> float:
    return float(torch.trace(g))

  # x a^-1 for symmetric positive definite a; and [failing minor or 0, condition number in the 1-norm].
  # Where a minor fails, or rounding leaves a zero on the diagonal of the factor, there is no solution: the condition is infinite.
  def solve_right(self: __torch__.Net, a: Tensor, x: Tensor) -> List[Tensor]:
    l, info = torch.linalg_cholesky_ex(a)
    smallest = float(torch.min(torch.abs(torch.diagonal(l))))
    if torch.__or__(torch.ne(int(info), 0), torch.eq(smallest, 0.)):
      state = torch.stack([torch.to(info, 7), torch.reciprocal(torch.to(torch.zeros_like(info), 7))])
      return [x, state]
    solution = torch.t(torch.cholesky_solve(torch.t(x), l))
    inverse = torch.cholesky_inverse(l)
    condition = torch.mul(torch.linalg_matrix_norm(a, 1), torch.linalg_matrix_norm(inverse, 1))
    state = torch.stack([torch.to(info, 7), condition])
    return [torch.contiguous(solution), state]

  def identity(self: __torch__.Net, d: int) -> Tensor:
    return torch.eye(d, dtype=7)

  # W T in float64, rounded to float32 once.
  def apply(self: __torch__.Net, t: Tensor, w: Tensor) -> Tensor:
    return torch.to(torch.matmul(torch.to(w, 7), t), 6)

  # The attack of RECE on W T, as a matrix for rows: c' = c s t (rho I + t^T s t)^-1, s = sum W^T W; with its state.
  def probe(self: __torch__.Net, s: Tensor, t: Tensor, rho: float) -> List[Tensor]:
    st = torch.matmul(s, t)
    a = torch.matmul(torch.t(t), st)
    a = torch.mul(torch.add(a, torch.t(a)), 0.5)
    a = torch.add(a, torch.eye(torch.size(s, 0), dtype=7), alpha=rho)
    return self.solve_right(a, st)

  # a^-1 of any square a; and its condition number in the 1-norm, infinite where there is none.
  def inverse(self: __torch__.Net, a: Tensor) -> List[Tensor]:
    inverse, info = torch.linalg_inv_ex(a)
    condition = torch.mul(torch.linalg_matrix_norm(a, 1), torch.linalg_matrix_norm(inverse, 1))
    if torch.ne(int(info), 0):
      condition = torch.reciprocal(torch.zeros_like(condition))
    return [inverse, condition]

  # The right singular vector of the smallest singular value, [d, 1]. Where w [C, d] is wide, of the smallest of C.
  def least_direction(self: __torch__.Net, w: Tensor) -> Tensor:
    _0, _1, vh = torch.linalg_svd(torch.to(w, 7), False)
    last = torch.sub(torch.size(vh, 0), 1)
    return torch.unsqueeze(torch.select(vh, 0, last), 1)

  # The projector on the eigenvectors of symmetric g whose eigenvalues lie under a threshold, and their number.
  def null_space(self: __torch__.Net, g: Tensor, threshold: float) -> List[Tensor]:
    values, vectors = torch.linalg_eigh(g)
    free = torch.to(torch.lt(torch.abs(values), threshold), 7)
    p = torch.matmul(torch.mul(vectors, torch.unsqueeze(free, 0)), torch.t(vectors))
    return [p, torch.sum(free)]

  # Lloyd's algorithm to its end from evenly spread rows of x [n, d]; at most 300 rounds. Centres [k, d].
  def k_means(self: __torch__.Net, x: Tensor, k: int) -> Tensor:
    n = torch.size(x, 0)
    starts = annotate(List[Tensor], [])
    for i in range(k):
      at = torch.floordiv(torch.mul(n, torch.add(torch.mul(2, i), 1)), torch.mul(2, k))
      _0 = torch.append(starts, torch.select(x, 0, at))
    centers = torch.stack(starts)
    nearest = torch.zeros([n], dtype=4)
    going = True
    round = 0
    while torch.__and__(going, torch.lt(round, 300)):
      now = torch.argmin(torch.cdist(x, centers), 1)
      going = torch.__or__(torch.eq(round, 0), torch.__not__(torch.equal(now, nearest)))
      nearest = now
      if going:
        means = annotate(List[Tensor], [])
        for i in range(k):
          member = torch.to(torch.eq(nearest, i), 7)
          count = torch.sum(member)
          mean = torch.div(torch.matmul(member, x), count)
          if torch.eq(float(count), 0.):
            mean = torch.select(centers, 0, i)
          _1 = torch.append(means, mean)
        centers = torch.stack(means)
      round = torch.add(round, 1)
    return centers

  # The projector on the space that columns [C, n] span; columns that add less than a millionth to the others count as spanned.
  def span(self: __torch__.Net, columns: Tensor) -> Tensor:
    unit = torch.div(columns, torch.linalg_vector_norm(columns, 2, [0], True))
    u, s, _0 = torch.linalg_svd(unit, False)
    kept = torch.to(torch.gt(s, torch.mul(torch.max(s), 1e-06)), 7)
    return torch.matmul(torch.mul(u, torch.unsqueeze(kept, 0)), torch.t(u))

  # Orthogonal Procrustes: the rotation nearest to m [C, C], det +1, and [smallest over largest singular value]. m lives among
  # the columns of w [C, d]: where these leave room (C > d), rows and columns outside stay, and a reflection goes there. Else it goes
  # along the smallest singular direction, as the nearest rotation has it. The authors turn the last column of R round instead.
  def rotation(self: __torch__.Net, m: Tensor, w: Tensor) -> List[Tensor]:
    c = torch.size(w, 0)
    if torch.le(c, torch.size(w, 1)):
      u, s, vh = torch.linalg_svd(m, True)
      r = torch.matmul(u, vh)
      if torch.lt(float(torch.linalg_det(r)), 0.):
        last = torch.sub(c, 1)
        flipped = torch.mul(torch.matmul(torch.slice(u, 1, last, c), torch.slice(vh, 0, last, c)), 2.)
        r = torch.sub(r, flipped)
      return [r, torch.div(torch.min(s), torch.max(s))]
    q, _0 = torch.linalg_qr(w)
    u, s, vh = torch.linalg_svd(torch.matmul(torch.matmul(torch.t(q), m), q), True)
    inner = torch.matmul(u, vh)
    rest = torch.sub(torch.eye(c, dtype=7), torch.matmul(q, torch.t(q)))
    r = torch.add(torch.matmul(torch.matmul(q, inner), torch.t(q)), rest)
    if torch.lt(float(torch.linalg_det(inner)), 0.):
      widest = int(torch.argmax(torch.diagonal(rest)))
      z = torch.unsqueeze(torch.select(rest, 1, widest), 1)
      z = torch.div(z, torch.linalg_vector_norm(z))
      r = torch.sub(r, torch.mul(torch.matmul(z, torch.t(z)), 2.))
    return [r, torch.div(torch.min(s), torch.max(s))]

  # The rows x [n, d] that w [C, d] makes longer than the mean.
  def above_mean(self: __torch__.Net, x: Tensor, w: Tensor) -> Tensor:
    norms = torch.linalg_vector_norm(torch.matmul(x, torch.t(w)), 2, [1])
    above = torch.gt(norms, torch.mean(norms))
    return torch.index_select(x, 0, torch.squeeze(torch.nonzero(above), 1))

  # Rows x [n, d] with noise [n, k, d] along a direction v [d, 1]: x + (noise v) v^T, [n k, d].
  def along(self: __torch__.Net, x: Tensor, noise: Tensor, v: Tensor) -> Tensor:
    steps = torch.matmul(torch.to(noise, 7), v)
    moved = torch.add(torch.unsqueeze(x, 1), torch.mul(steps, torch.t(v)))
    return torch.reshape(moved, [-1, torch.size(x, 1)])
