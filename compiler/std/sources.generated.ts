// The texts of compiler/std/*.adk, embedded by `npm run generate`. Do not edit.

export const sources: Readonly<Record<string, string>> = {
  "kernels": `// The standard kernels: functions of two points, tensors of one shape or numbers.
// Each is written in the squared distance, so that nothing is lost and nothing is undefined where points meet.

const pi = 3.141592653589793

fn rbf(a, b, l) = { let d = a - b; exp(-dot(d, d) / (2 * l^2)) }

// e^(-r), (1 + √3 r) e^(-√3 r), (1 + √5 r + 5r²/3) e^(-√5 r), …, with r in units of l.
fn matern12(a, b, l) = { let d = a - b; matern(0, dot(d, d) / l^2) }
fn matern32(a, b, l) = { let d = a - b; matern(1, 3 * dot(d, d) / l^2) }
fn matern52(a, b, l) = { let d = a - b; matern(2, 5 * dot(d, d) / l^2) }
fn matern72(a, b, l) = { let d = a - b; matern(3, 7 * dot(d, d) / l^2) }

fn rational_quadratic(a, b, l, alpha) = { let d = a - b; (1 + dot(d, d) / (2 * alpha * l^2))^-alpha }
fn periodic(a, b, l, p) = { let s = sin(pi * (a - b) / p); exp(-2 * dot(s, s) / l^2) }
fn cosine(a, b, p) = { let d = (a - b) / p; cos(2 * pi * dot(d, 1 + 0 * d)) }

fn linear(a, b, c) = dot(a, b) + c
fn polynomial(a, b, c, p : int) = (dot(a, b) + c)^p
fn constant(c) = c
`,
  "operators": `// The linear operators, in terms of the Jacobian \`jac\` and its trace \`div\`: derivative axes come last.

fn grad(F) = jac(F)
fn hess(F) = jac(jac(F))
fn laplacian(F) = div(jac(F))
fn hvp(F, v) = jvp(jac(F), v)

// \`curl\`, by the dimension of the point and the shape of what it acts on.
fn curl_of_potential(u) = { let g = jac(u); [g[1], -g[0]] }
fn curl_in_plane(F) = { let J = jac(F); J[1, 0] - J[0, 1] }
fn curl_in_space(F) = { let J = jac(F); [J[2, 1] - J[1, 2], J[0, 2] - J[2, 0], J[1, 0] - J[0, 1]] }
`,
};
