"""
Trains a force field with the sGDML package, the way its own command does, and tests it.
In: a JSON object as first argument: data (.npz), train and test (frames), perms, sigma, lambda, solver ("analytic" or
"iterative"), memory (GB that the package may use; by that it chooses its solver), tolerance (of the iterative solver; the
package's own where null), threads. Out: one line of JSON.
`build` is its kernel matrix or its preconditioner, `solve` the rest of its solver, in seconds; `cpu` the processor time of
its `train`; `bytes` the peak, of which `imported` stood before any work.
"""
import json
import sys
import time
from functools import wraps

import numpy as np
from sgdml.predict import GDMLPredict
from sgdml.solvers.analytic import Analytic
from sgdml.solvers.iterative import Iterative
from sgdml.train import GDMLTrain

from usage import peak_bytes, processor_seconds

job = json.loads(sys.argv[1])
np.random.seed(0)  # The iterative solver draws the columns of its preconditioner.
spent = {name: np.zeros(2) for name in ("build", "solver", "tuning")}


def clocks():
    return np.array([time.perf_counter(), processor_seconds()])


def timed(owner, name, key):
    """Adds what a method's calls take to spent[key]: seconds, and seconds of processor time."""
    method = getattr(owner, name)

    @wraps(method)
    def wrapper(*args, **kwargs):
        begin = clocks()
        result = method(*args, **kwargs)
        spent[key] += clocks() - begin
        return result

    setattr(owner, name, wrapper)


def frames(data, indexes):
    """The data set of some frames, with the keys that the package asks for."""
    picked = {key: np.asarray(data[key], dtype=np.float64)[indexes] for key in ("R", "F", "E")}
    return {**picked, **{key: data[key] for key in ("z", "name", "theory", "r_unit", "e_unit") if key in data}, "type": "d"}


def errors(model, test):
    """Mean absolute and root mean square error of forces and energies."""
    energies, forces = GDMLPredict(model, max_processes=1).predict(test["R"].reshape(len(test["R"]), -1))
    found = {"forces": forces.ravel() - test["F"].ravel(), "energy": energies.ravel() - test["E"].ravel()}
    return {name: {"mae": float(np.abs(e).mean()), "rmse": float(np.sqrt((e**2).mean()))} for name, e in found.items()}


def residual(model, task):
    """|y - (K + lambda) alpha| / |y|, by the package's own predictions at its training points."""
    _, forces = GDMLPredict(model, max_processes=1).predict(task["R_train"].reshape(len(task["R_train"]), -1))
    y = task["F_train"].ravel()
    rest = y - forces.ravel() + task["lam"] * model["std"] * model["alphas_F"].ravel()
    return float(np.linalg.norm(rest) / np.linalg.norm(y))


with np.load(job["data"], allow_pickle=False) as file:
    everything = {key: file[key] for key in file.files}
train, test = frames(everything, job["train"]), frames(everything, job["test"])

if job["solver"] == "analytic":
    timed(GDMLTrain, "_assemble_kernel_mat", "build")
    timed(Analytic, "solve", "solver")
else:
    # How many processes multiply best is tried out once on a machine and then remembered; what a busy moment
    # has remembered isn't used here, and the trial isn't counted.
    GDMLPredict._load_cached_bmark_result = lambda *_: None
    GDMLPredict._save_cached_bmark_result = lambda *_: None
    timed(GDMLPredict, "prepare_parallel", "tuning")
    timed(Iterative, "_lev_scores", "build")
    timed(Iterative, "_init_precon_operator", "build")
    if job["tolerance"] is not None:
        solve = Iterative.solve
        Iterative.solve = lambda self, *args, **kwargs: solve(self, *args, tol=job["tolerance"], **kwargs)
    timed(Iterative, "solve", "solver")

imported = peak_bytes()
trainer = GDMLTrain(max_memory=job["memory"], max_processes=job["threads"])
task = trainer.create_task(train, len(job["train"]), test, 1, job["sigma"], lam=job["lambda"], perms=np.array(job["perms"]))
begin = clocks()
model = trainer.train(task)
spent["train"] = clocks() - begin
peak = peak_bytes()
solver = "analytic" if str(model["solver_name"]) == "analytic" else "iterative"
if solver != job["solver"]:
    sys.exit(f"with {job['memory']} GB the sGDML package takes its {solver} solver")
print(json.dumps({
    "n": int(task["F_train"].size),
    "build": spent["build"][0],
    "solve": (spent["solver"] - spent["build"] - spent["tuning"])[0],
    "iterations": int(model["solver_iters"]) if solver == "iterative" else None,
    "rank": len(model["inducing_pts_idxs"]) if solver == "iterative" else None,
    "residual": residual(model, task),
    "errors": errors(model, test),
    "cpu": (spent["train"] - spent["tuning"])[1],
    "bytes": peak,
    "imported": imported,
}))
