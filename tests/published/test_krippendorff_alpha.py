"""Krippendorff's alpha: worked examples of Krippendorff (2011), Hayes & Krippendorff (2007), and Wikipedia."""

from collections.abc import Callable

import pytest

from iprkit.agreement.ratings import Level, Ratings

ByCoder = Callable[..., Ratings]
Values = Callable[[Ratings], dict[str, float | None]]

# Krippendorff (2011), Computing Krippendorff's alpha-reliability, section C; unit 12 has one value and drops out.
DATA_C = "123321412... 1233224125.. .33323422513 12332441251."
# Krippendorff (2011), section A, and B with the nominal codes of Ben and Gerry.
BINARY = "0100000010 1110010000"
BEN_AND_GERRY = "aabbdcccedda babbbccceddd"
# Wikipedia, "Krippendorff's alpha", the example of three coders and fifteen units.
WIKIPEDIA = ".....34121133.3 1.213343....... ..21344.21133.4"
# Hayes & Krippendorff (2007), Answering the call for a standard reliability measure, 40 units by five coders.
HAYES = """
112.001122.01311211000201001111223222221
1130000.21102311121000302102111122222221
203000222100221123001.30.1012202.2232.21
.13....0.10022...31.103021122..122...12.
2..0001.2....3112..0.0..2.0..20.2.2222.1
"""


@pytest.mark.parametrize(
    ("table", "level", "alpha"),
    [
        (DATA_C, "nominal", 0.743421),
        (DATA_C, "ordinal", 0.815388),
        (DATA_C, "interval", 0.849107),
        (DATA_C, "ratio", 0.797403),
        (BINARY, "nominal", 0.095238),
        (BEN_AND_GERRY, "nominal", 0.691964),
        ("aabbdcccedda babbbccce.dd", "nominal", 0.664894),
        (WIKIPEDIA, "nominal", 0.691358),
        (WIKIPEDIA, "ordinal", 0.806721),
        (WIKIPEDIA, "interval", 0.810845),
        (WIKIPEDIA, "ratio", 0.808944),
        (HAYES, "nominal", 0.476510),
        (HAYES, "ordinal", 0.759829),
        (HAYES, "interval", 0.757378),
        (HAYES, "ratio", 0.662123),
    ],
)
def test_alpha_is_the_published_one(by_coder: ByCoder, values: Values, table: str, level: Level, alpha: float) -> None:
    assert values(by_coder(table, level))["krippendorff_alpha"] == pytest.approx(alpha, abs=5e-7)


def test_units_with_one_rating_are_not_paired(by_coder: ByCoder, values: Values) -> None:
    # A known trap: counting the missing values of Hayes & Krippendorff (2007) as a category gives .2058.
    alpha = values(by_coder(HAYES))["krippendorff_alpha"]
    assert alpha is not None
    assert alpha > 0.4
