"""Two people who do not exist, with elements as the API takes them: enough for most tests."""

from typing import Any

WANG: dict[str, Any] = {
    "name": "王丽华",
    "gender": "female",
    "birth_date": "1980-02-29",
    "id_type": "resident_id_card",
    "id_number": "110101198002290026",
}
OUYANG: dict[str, Any] = {
    "name": "欧阳震华",
    "gender": "male",
    "birth_date": "1971-06-05",
    "id_type": "resident_id_card",
    "id_number": "320102197106053517",
}
