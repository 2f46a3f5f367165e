"""Side-by-side comparisons of what this toolchain makes and how fast; see README.md.

build.py, imports.py   the scripts: build.py answers every question, imports.py one of them
gateway.py, serving/   another comparison: `invoke up` beside other local servers
deploy.py, deploying/  how long deploys of a stage take, beside what Terraform and its provider take
questions/             one module per question: what is measured, against which target
peers/                 the tools that are compared, each behind the same protocol
workload, packages     what is built, and whether what came out is a package
processes, rounds      how it is measured: whole processes, interleaved
report                 what is printed, and the raw numbers
"""
