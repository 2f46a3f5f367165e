"""`invoke up` beside other local servers: speed, memory, start, reload, and a long run.

comparison             one run: options, who takes part, a summary
site                   the handlers that everybody serves, and the database they ask
peers/                 the servers that are compared, each behind the same protocol
running                a server: started, waited for, ended with all its processes
load                   what makes requests (wrk, or client_script.py), a process of its own
usage                  memory, processor time, processes and files of a server's whole tree
starting, requests, reloading, soaking    one module per question
"""
