"""The figures of a service as the operator starts it, with one worker and with several."""

import pytest

from tests.asking import http
from tests.end_to_end.conftest import Centers

QUESTION = {"name": "王丽", "gender": None, "birth_date": "1980-02-29", "id_type": None, "id_number": None}


@pytest.mark.parametrize("workers", ["1", "2"])
def test_every_workers_matches_are_in_the_figures(centers: Centers, workers: str) -> None:
    centers.start("cdc", "--workers", workers)
    headers = {"Authorization": f"Bearer {centers.token(centers.client('partner', 'customer:match'))}"}
    for _ in range(6):
        # A connection each time: several workers share them out.
        assert http.post(f"{centers.cdc}/v1/match", json=QUESTION, headers=headers).status_code == 200
    figures = http.get(f"{centers.cdc}/metrics").text.splitlines()
    assert 'cdc_http_requests_total{method="POST",route="/v1/match",status="200"} 6.0' in figures
    assert 'cdc_http_request_seconds_count{route="/v1/match"} 6.0' in figures
    assert 'cdc_matches_total{outcome="no_match"} 6.0' in figures
