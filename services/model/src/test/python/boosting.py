"""Trains gradient boosting on the diabetes data and writes it as an ONNX file with its known answers in it.

    python boosting.py boosting.onnx     # needs scikit-learn and skl2onnx
    curl -X PUT --data-binary @boosting.onnx -H 'Content-Type: application/octet-stream' localhost:8011/ops/models/boosting-1

Prints what it predicts for the row of index 102.
"""

import json
import sys

import numpy
from skl2onnx import to_onnx
from sklearn.datasets import load_diabetes
from sklearn.ensemble import GradientBoostingRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

rows, truths = load_diabetes(return_X_y=True)
rows = rows.astype(numpy.float32)
model = make_pipeline(StandardScaler(), GradientBoostingRegressor(random_state=0)).fit(rows, truths)

# ONNX Runtime 1.20 reads operators up to version 21
onnx = to_onnx(model, rows[:1], target_opset={"": 21, "ai.onnx.ml": 3})
answers = [{"features": row.tolist(), "value": float(model.predict([row])[0])} for row in rows[::50]]
entry = onnx.metadata_props.add()
entry.key, entry.value = "vitrina.answers", json.dumps(answers)

with open(sys.argv[1], "wb") as file:
    file.write(onnx.SerializeToString())
print(model.predict(rows[102:103])[0])
