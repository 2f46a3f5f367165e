def find(sub):
    try:
        return {}[sub]
    except KeyError as error:
        raise LookupError(f"no account of {sub}") from error
