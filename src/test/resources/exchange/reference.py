# Writes the reference files beside it: two networks 3-2-2, weights k/16 for k = 0 ... 27 in the order of
# parameters_to_vector, network after network.
# Versions: numpy 2.4.6, h5py 3.16.0, safetensors 0.8.0. Command: python reference.py
import h5py
import numpy as np
from safetensors.numpy import save_file

theta = (np.arange(28, dtype="<f4") / 16).reshape(2, 14)
net = {
    "0.weight": theta[:, 0:6].reshape(2, 2, 3),
    "0.bias": theta[:, 6:8],
    "2.weight": theta[:, 8:12].reshape(2, 2, 2),
    "2.bias": theta[:, 12:14],
}
net = {name: np.ascontiguousarray(value) for name, value in net.items()}
one = {"fc%d.%s" % (10 if name[0] == "2" else 9, name[2:]): np.ascontiguousarray(value[0]) for name, value in net.items()}
np.save("matrix.npy", theta.astype("<f8"))
np.save("fortran.npy", np.asfortranarray(theta))
np.save("integers.npy", np.arange(28).reshape(2, 14))
np.savez("matrix.npz", networks=theta.astype("<f2"))
np.savez_compressed("state.npz", **net)
save_file(net, "state.safetensors")
save_file(one, "one.safetensors")
with h5py.File("matrix.h5", "w") as f:
    f.create_dataset("dataset", data=theta, chunks=True, compression="gzip")
with h5py.File("state.hdf5", "w") as f:
    for name, value in net.items():
        f[name.replace(".", "/")] = value.astype("<f8")
