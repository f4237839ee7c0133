"""Writes reference.safetensors with the Python reference implementation (safetensors 0.8.0, NumPy 1.23.5):

    python3 reference.py
"""

import numpy as np
from safetensors.numpy import save_file

save_file(
    {
        "0.weight": np.arange(6, dtype=np.float32).reshape(2, 3) / 2,
        "half": np.array([0.5, -3], dtype=np.float16),
        "steps": np.array([1, 2, 1 << 40], dtype=np.int64),
        "scalar": np.array(0.1, dtype=np.float64),
        "empty": np.zeros((0, 5), dtype=np.float32),
    },
    "reference.safetensors",
    metadata={"format": "pt"},
)
