"""What was deployed to the local cloud, run beside what runs from source.

starting ── listener ── functions ── packages           zips, unzipped and run as they are
               ├─────── databases ── schemas            a schema for each RDS instance
               └─────── apis ─────── addresses          each HTTP API at a port of its own

The listener is told what clients make in moto (toolchain.local.aws.listening), and after a restart of what
there is; it reads moto's state anew each time, so what runs always follows what is there. The guard beside it
refuses what can't be done here before moto has done it. Modules ending in `_state` read moto; they alone know
its classes.
"""

from toolchain.local.deployed.starting import Surroundings, running

__all__ = ["Surroundings", "running"]
