"""What e2e/fuzz leaves out, since it is as it is meant to be."""

import schemathesis


@schemathesis.hook
def filter_case(context, case):
    """What is empty in the query or a header is as if it were not there, which forms in browsers need and no schema can say."""
    empty = any(value == "" for given in (case.query, case.headers) for value in (given or {}).values())
    return not empty and not has_money_as_number(case.body)


def has_money_as_number(body):
    """Money is taken as a number too; documents name the one form that clients are to be made for, the string."""
    if isinstance(body, list):
        return any(has_money_as_number(each) for each in body)
    return isinstance(body, dict) and any(
        has_money_as_number(value) or (name in ("price", "amount") and isinstance(value, (int, float))) for name, value in body.items()
    )
