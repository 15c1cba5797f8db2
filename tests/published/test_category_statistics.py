"""The family of kappa: Cohen (1960, 1968), Fleiss (1971), Fleiss, Cohen & Everitt (1969), Gwet's irrCAC examples."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from iprkit.agreement import kappa
from iprkit.agreement.measures import COHEN as COHEN_KAPPA
from iprkit.agreement.measures import FLEISS, WEIGHTED_KAPPA
from iprkit.agreement.method import Method
from iprkit.agreement.rated import figures
from iprkit.agreement.ratings import Ratings, ratings
from iprkit.agreement.tally import ordered, tally

ByCoder = Callable[..., Ratings]
Values = Callable[[Ratings], dict[str, float | None]]

# Cohen (1960), table 1, as proportions of 200 cases.
COHEN = [[88, 14, 18], [10, 40, 10], [2, 6, 12]]
# Fleiss, Cohen & Everitt (1969).
FLEISS_COHEN_EVERITT = [[106, 10, 4], [22, 28, 10], [2, 12, 6]]
# irrCAC vignette (Gwet), two raters and three categories.
GWET = [[13, 0, 0], [0, 20, 7], [0, 4, 56]]
# Krippendorff (2011), section C, as computed in the irrCAC vignette.
DATA_C = "123321412... 1233224125.. .33323422513 12332441251."
# Fleiss (1971), table 1: of six psychiatrists, how many gave each of five diagnoses to each of thirty patients.
DIAGNOSES = """
00060 03003 01401 00006 03030 20400 00402 20310 20040 00006 10050 11040 03300 10050 02031
00501 30012 51000 02040 10203 00006 01050 02013 20040 10041 05010 40002 02040 10500 00006
"""


def diagnoses(patients: int = 30) -> Ratings:
    rows = {
        f"patient {n}": [str(k) for k, often in enumerate(counts, 1) for _ in range(int(often))]
        for n, counts in enumerate(DIAGNOSES.split()[:patients], 1)
    }
    return ratings(rows, [f"psychiatrist {n}" for n in range(1, 7)])


def test_cohen_1960(crossed: Callable[..., Ratings]) -> None:
    (one,) = figures(crossed(COHEN), [COHEN_KAPPA], Method(bootstrap=None))
    assert (one.observed, one.expected) == (pytest.approx(0.70), pytest.approx(0.41))
    assert one.value == pytest.approx(0.491525, abs=5e-7)
    assert one.n_units == 200


@pytest.mark.parametrize(
    ("disagreement", "expected"),
    [
        ([[0, 1, 3], [1, 0, 6], [3, 6, 0]], 0.347826),
        ([[0, 1, 4], [1, 0, 6], [2, 2, 0]], 0.353383),  # one that does not treat the two coders alike
    ],
)
def test_cohen_1968_with_weights_of_ones_own(
    crossed: Callable[..., Ratings], disagreement: Sequence[Sequence[int]], expected: float
) -> None:
    table, weights = crossed(COHEN), 1 - np.array(disagreement) / 6
    counted = ordered(tally(table), table, {"weighted": lambda first, second: weights[first, second]})
    assert kappa.weighted_kappa(counted.sums(), weights).value[0] == pytest.approx(expected, abs=5e-7)


@pytest.mark.parametrize(("weighting", "expected"), [("linear", 0.473684), ("quadratic", 0.454545)])
def test_cohen_1960_with_usual_weights(crossed: Callable[..., Ratings], weighting: str, expected: float) -> None:
    method = Method(bootstrap=None, weighting="linear" if weighting == "linear" else "quadratic")
    (one,) = figures(crossed(COHEN, "ordinal"), [WEIGHTED_KAPPA], method)
    assert one.value == pytest.approx(expected, abs=5e-7)
    assert one.settings["weights"] == weighting


def test_fleiss_cohen_everitt_1969(crossed: Callable[..., Ratings], values: Values) -> None:
    assert values(crossed(FLEISS_COHEN_EVERITT))["cohen_kappa"] == pytest.approx(0.428571, abs=5e-7)


def test_gwets_two_raters_and_three_categories(crossed: Callable[..., Ratings], values: Values) -> None:
    found = values(crossed(GWET))
    assert found == pytest.approx(
        {
            "percent_agreement": 0.89,
            "cohen_kappa": 0.7964094,
            "scott_pi": 0.7962397,
            "fleiss_kappa": 0.7962397,
            "brennan_prediger": 0.835,
            "pabak": None,
            "gwet_ac1": 0.8493305,
            "krippendorff_alpha": 0.7972585,
        },
        abs=5e-8,
    )


@pytest.mark.parametrize(
    ("statistic", "expected", "within"),
    [
        ("percent_agreement", 0.8181818, 5e-8),
        ("gwet_ac1", 0.77544, 5e-6),
        ("fleiss_kappa", 0.76117, 5e-6),
        ("cohen_kappa", 0.76282, 5e-6),  # of four raters Conger's (1980)
        ("krippendorff_alpha", 0.74342, 5e-6),
    ],
)
def test_four_raters_with_missing_ratings(
    by_coder: ByCoder, values: Values, statistic: str, expected: float, within: float
) -> None:
    assert values(by_coder(DATA_C))[statistic] == pytest.approx(expected, abs=within)


def test_fleiss_1971() -> None:
    (one,) = figures(diagnoses(), [FLEISS], Method(bootstrap=None))
    assert one.observed == pytest.approx(0.555556, abs=5e-7)
    assert one.expected == pytest.approx(0.219938, abs=5e-7)
    assert one.value == pytest.approx(0.430245, abs=5e-7)


def test_fleiss_1971_category_by_category() -> None:
    table = diagnoses()
    found = figures(table, [FLEISS], Method(bootstrap=None), table.categories)
    assert [round(one.value or 0, 4) for one in found] == [0.2448, 0.2448, 0.5200, 0.4711, 0.5661]


def test_randolphs_free_marginal_kappa_is_brennan_and_predigers(values: Values) -> None:
    assert values(diagnoses())["brennan_prediger"] == pytest.approx(0.444444, abs=5e-7)


def test_the_first_fifteen_patients_as_in_the_irrcac_vignette(values: Values) -> None:
    found = values(diagnoses(15))
    expected = {
        "gwet_ac1": 0.4448007,
        "fleiss_kappa": 0.4139265,
        "krippendorff_alpha": 0.4204384,
        "brennan_prediger": 0.4388889,
    }
    assert {name: found[name] for name in expected} == pytest.approx(expected, abs=5e-8)
