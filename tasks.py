"""The tasks of `invoke`; their bodies are under toolchain/tasks/, by subject."""

from invoke.collection import Collection

from toolchain.tasks import build, deploy, local, manifest, quality, release, run, scan

namespace = Collection(
    build.build,
    build.lock,
    deploy.bootstrap,
    deploy.deploy,
    deploy.destroy,
    deploy.drift,
    deploy.outputs,
    deploy.plan,
    deploy.unlock,
    local.database_reset,
    local.database_shell,
    local.down,
    local.show_logs,
    local.status,
    local.up,
    manifest.events,
    manifest.new_function,
    manifest.schema,
    quality.doctor,
    quality.format_code,
    quality.lint,
    quality.run_tests,
    release.invoke_remote,
    release.migrate,
    release.releases,
    release.rollback,
    run.run_local,
    scan.scan,
)
