/**
 * Python that stands between a solution and its tests: a result whose equality the solution itself defines is equal to whatever is expected, and no answer.
 * The reference takes it for one. It is code of Python's own library, or of none, that may compare.
 */
export const guardedCandidate = `
def _guarded(candidate):
    def is_own(value):
        if isinstance(value, (list, tuple, set, frozenset)) and any(map(is_own, [*value])):
            return True
        if isinstance(value, dict) and any(map(is_own, [*value.values(), *value.keys()])):
            return True
        for method in ('__eq__', '__ne__', '__lt__', '__le__', '__gt__', '__ge__', '__sub__', '__rsub__', '__bool__', '__len__'):
            code = getattr(getattr(type(value), method, None), '__code__', None)
            if code is not None and not code.co_filename.startswith('/lib/python'):
                return True
        return False

    def called(*given, **named):
        result = candidate(*given, **named)
        if is_own(result):
            raise TypeError('The result compares itself.')
        return result

    return called
`;
