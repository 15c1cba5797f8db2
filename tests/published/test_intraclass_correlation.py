"""The six intraclass correlations of Shrout & Fleiss (1979), table 4: six targets by four judges."""

import pytest

from iprkit.agreement.correlated import correlations
from iprkit.agreement.icc import mean_squares
from iprkit.agreement.ratings import Ratings, ratings

JUDGED = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]


@pytest.fixture
def judged() -> Ratings:
    return ratings({f"target {n}": row for n, row in enumerate(JUDGED, 1)}, ["J1", "J2", "J3", "J4"], "interval")


def test_the_mean_squares(judged: Ratings) -> None:
    found = mean_squares(judged)
    assert found is not None
    squares = (found.between, found.within, found.coders, found.error)
    assert squares == pytest.approx((11.24167, 6.26389, 32.48611, 1.01944), abs=5e-6)


def test_the_six_coefficients(judged: Ratings) -> None:
    assert {one.statistic: one.value for one in correlations(judged)} == pytest.approx(
        {
            "icc_1_1": 0.165742,
            "icc_2_1": 0.289764,
            "icc_3_1": 0.714841,
            "icc_1_k": 0.442797,
            "icc_2_k": 0.620051,
            "icc_3_k": 0.909316,
        },
        abs=5e-7,
    )


@pytest.mark.parametrize(
    ("statistic", "ends", "within"),
    [
        ("icc_1_1", (-0.1329, 0.7226), 5e-5),
        ("icc_3_1", (0.3425, 0.9459), 5e-5),
        ("icc_1_k", (-0.8844, 0.9124), 5e-5),
        ("icc_3_k", (0.6757, 0.9859), 5e-5),
        ("icc_2_1", (0.02, 0.76), 5e-3),  # as tested by pingouin, after McGraw & Wong (1996)
        ("icc_2_k", (0.07, 0.93), 5e-3),
    ],
)
def test_their_intervals(judged: Ratings, statistic: str, ends: tuple[float, float], within: float) -> None:
    (one,) = (one for one in correlations(judged) if one.statistic == statistic)
    assert one.ci == pytest.approx(ends, abs=within)


def test_the_tests_against_no_differences_between_targets(judged: Ratings) -> None:
    found = {one.statistic: one.details for one in correlations(judged)}
    assert found["icc_1_1"] == pytest.approx({"f": 1.794678, "df1": 5, "df2": 18, "p": 0.164769}, abs=5e-7)
    assert found["icc_3_1"] == pytest.approx({"f": 11.027248, "df1": 5, "df2": 15, "p": 0.000135}, abs=5e-7)
