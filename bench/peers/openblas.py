"""
Solves a force field's linear system by SciPy's Cholesky factorisation, which is that of the BLAS that SciPy was built with.
In: a JSON object as first argument: data (.npz), train (frames), perms, sigma, lambda, threads. Out: one line of JSON;
`solve` is factorisation and solution, in seconds, `cpu` their processor time. The matrix is the sGDML package's; it's factored in place.
"""
import json
import sys
import time

import numpy as np
from scipy.linalg import blas, cho_factor, cho_solve
from sgdml.train import GDMLTrain
from sgdml.utils.desc import Desc

import usage  # Writes what the process has used.

job = json.loads(sys.argv[1])
with np.load(job["data"], allow_pickle=False) as file:
    R, F = (np.asarray(file[key], dtype=np.float64)[job["train"]] for key in ("R", "F"))
desc = Desc(R.shape[1], max_processes=job["threads"])
R_desc, R_d_desc = desc.from_R(R.reshape(len(R), -1))
perms = np.array([Desc.perm(np.array(p)) for p in job["perms"]])
perms_lin = (perms + np.arange(len(perms))[:, None] * desc.dim).flatten("F")
K = GDMLTrain(max_processes=job["threads"])._assemble_kernel_mat(R_desc, R_d_desc, perms_lin, job["sigma"], desc)
np.negative(K, out=K)
diagonal = np.diag_indices_from(K)
K[diagonal] += job["lambda"]
kept = K[diagonal].copy()
y = F.ravel() / F.std()

begin, used = time.perf_counter(), time.process_time()
L, lower = cho_factor(K.T, lower=True, overwrite_a=True, check_finite=False)
alpha = cho_solve((L, lower), y, check_finite=False)
solve, cpu = time.perf_counter() - begin, time.process_time() - used

L[diagonal] = kept  # Above the factor the matrix still stands, all but its diagonal.
rest = y - blas.dsymv(1.0, L, alpha, lower=0)
residual = float(np.linalg.norm(rest) / np.linalg.norm(y))
print(json.dumps({"n": int(y.size), "solve": solve, "cpu": cpu, "residual": residual}))
