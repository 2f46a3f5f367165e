"""Which wheels the Lambda runtime takes."""

from toolchain.packaging.target import Target


def test_the_best_wheel_is_the_most_specific() -> None:
    ranks = Target("x86_64").tag_ranks()
    in_order = [
        "cp313-cp313-manylinux_2_34_x86_64",
        "cp313-cp313-manylinux_2_28_x86_64",
        "cp313-cp313-manylinux_2_17_x86_64",
        "cp313-cp313-manylinux2014_x86_64",
        "cp313-cp313-manylinux1_x86_64",
        "cp313-abi3-manylinux_2_34_x86_64",
        "cp313-none-manylinux_2_34_x86_64",
        "cp39-abi3-manylinux_2_34_x86_64",
        "py313-none-manylinux_2_17_x86_64",
        "py3-none-manylinux_2_17_x86_64",
        "cp313-none-any",
        "py3-none-any",
    ]
    assert sorted(in_order, key=ranks.__getitem__) == in_order


def test_what_the_runtime_can_not_load_has_no_rank() -> None:
    ranks = Target("x86_64").tag_ranks()
    refused = {
        "cp312-cp312-manylinux_2_17_x86_64",
        "cp313-cp313t-manylinux_2_17_x86_64",
        "cp313-cp313-manylinux_2_35_x86_64",
        "cp313-cp313-manylinux_2_17_aarch64",
        "cp313-cp313-musllinux_1_2_x86_64",
        "cp313-cp313-linux_x86_64",
        "cp313-cp313-win_amd64",
        "py2-none-any",
    }
    assert refused.isdisjoint(ranks)


def test_arm64_had_no_glibc_older_than_manylinux2014() -> None:
    ranks = Target("arm64").tag_ranks()
    assert "cp313-cp313-manylinux2014_aarch64" in ranks
    assert "cp313-cp313-manylinux1_aarch64" not in ranks


def test_names_of_the_processor() -> None:
    """Lambda, wheels and uv each have their own."""
    arm64 = Target("arm64")
    assert (arm64.architecture, arm64.machine, arm64.python_platform) == (
        "arm64",
        "aarch64",
        "aarch64-manylinux_2_34",
    )
