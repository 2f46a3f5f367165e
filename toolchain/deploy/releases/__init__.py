"""Releases: what happens around Terraform's apply, so that a stage never runs code that was not seen to work.

    upload ── apply (Terraform publishes versions) ── release ─┬─ migrate
                                                               ├─ check the new versions by their numbers
                                                               ├─ move the aliases, all or none
                                                               └─ test over HTTP; back if that fails

What is released is noted in the artifact bucket, at releases/<id>.json; `rollback` and the other commands
read it from there, and need no Terraform.

    target    names of what a stage has        services   what is asked of AWS, as protocols
    packages  what is built                    aws        ... answered by boto3
    upload    zips into the bucket             record     a release as JSON
    aliases   which to move, in which order    history    the records in the bucket
    migrating, checks, smoke                   lock       one release at a time
    release   all of it, in order              rollback   back to an earlier one
    pruning   versions that nothing needs
"""
