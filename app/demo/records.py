"""Business records for the sample: a few for every person in every system that knows them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from app.demo.people import ELDER_CARE, FUNERAL, MEDICAL, TODAY, Person

Record = dict[str, object]
"""A record as the Health Data Center takes it, but for the customer ID, which only the CDC can give."""


@dataclass(frozen=True, slots=True)
class Condition:
    """An illness with its ICD-10 code, one laboratory test (LOINC, UCUM) and one medicine (ATC)."""

    icd10: str
    display: str
    department: str
    complaint: str
    loinc: str
    test: str
    unit: str
    values: tuple[float, float]
    normal: tuple[float, float]
    medicine: str
    atc: str
    dose: str


CONDITIONS = (
    Condition(
        "I10", "原发性高血压", "心血管内科", "头晕一周",
        "2160-0", "血清肌酐", "umol/L",
        (48, 140), (44, 106),
        "氨氯地平片", "C08CA01", "5 mg",
    ),
    Condition(
        "E11.9", "2 型糖尿病", "内分泌科", "口渴、多饮",
        "4548-4", "糖化血红蛋白", "%",
        (5.6, 10.5), (4.0, 6.0),
        "二甲双胍片", "A10BA02", "500 mg",
    ),
    Condition(
        "I25.1", "动脉粥样硬化性心脏病", "心血管内科", "活动后胸闷",
        "2089-1", "低密度脂蛋白胆固醇", "mmol/L",
        (1.4, 4.9), (0.0, 3.4),
        "阿托伐他汀钙片", "C10AA05", "20 mg",
    ),
    Condition(
        "J44.9", "慢性阻塞性肺疾病", "呼吸内科", "咳嗽、气短",
        "6690-2", "白细胞计数", "10*9/L",
        (3.8, 14.0), (3.5, 9.5),
        "噻托溴铵粉吸入剂", "R03BB04", "18 ug",
    ),
    Condition(
        "M17.9", "膝关节骨关节病", "骨科", "膝痛三个月",
        "1988-5", "C 反应蛋白", "mg/L",
        (0.5, 18.0), (0.0, 8.0),
        "双氯芬酸钠肠溶片", "M01AB05", "50 mg",
    ),
    Condition(
        "J18.9", "肺炎", "呼吸内科", "发热、咳嗽四天",
        "718-7", "血红蛋白", "g/L",
        (95, 165), (115, 150),
        "左氧氟沙星片", "J01MA12", "500 mg",
    ),
)  # fmt: skip
HOSPITALS = ("第一医院", "仁和医院", "东湖医院")
HOMES = ("松鹤苑养老院", "康宁护理院", "夕阳红颐养中心")
CEMETERIES = ("青山陵园", "静安园", "归园")


def records_of(rng: Random, person: Person, system: str) -> list[Record]:
    """What that system holds of the person, oldest first."""
    last_day = person.died or TODAY
    facts = _MAKERS[system](rng, person, last_day)
    return [
        {"domain": system, "source_system": system, "source_id": f"{person.number:05d}-{index}", **fact}
        for index, fact in enumerate(facts)
    ]


def _moment(rng: Random, last_day: date, days_before: int) -> datetime:
    """Some time of a working day, at most so many days earlier."""
    day = last_day - timedelta(days=rng.randrange(1, days_before))
    return datetime.combine(day, time(rng.randrange(0, 9), rng.choice((0, 15, 30, 45))), UTC)


def _text(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def _medical(rng: Random, _person: Person, last_day: date) -> list[Record]:
    condition = rng.choice(CONDITIONS)
    begin = _moment(rng, last_day, 700)
    low, high = condition.normal
    value = round(rng.uniform(*condition.values), 1)
    encounter: Record = {
        "kind": "encounter",
        "occurred_at": _text(begin),
        "encounter_class": rng.choice(("AMB", "AMB", "AMB", "IMP", "EMER")),
        "facility": rng.choice(HOSPITALS),
        "department": condition.department,
        "chief_complaint": condition.complaint,
    }
    diagnosis: Record = {
        "kind": "diagnosis",
        "occurred_at": _text(begin + timedelta(minutes=30)),
        "icd10": condition.icd10,
        "display": condition.display,
    }
    laboratory: Record = {
        "kind": "lab_result",
        "occurred_at": _text(begin + timedelta(minutes=45)),
        "loinc": condition.loinc,
        "display": condition.test,
        "value": value,
        "unit": condition.unit,
        "reference_range": f"{low:g}-{high:g}",
        "interpretation": "L" if value < low else "H" if value > high else "N",
    }
    prescription: Record = {
        "kind": "prescription",
        "occurred_at": _text(begin + timedelta(minutes=90)),
        "medication": condition.medicine,
        "atc": condition.atc,
        "dose": condition.dose,
        "route": "inhaled" if condition.atc.startswith("R03") else "oral",
        "frequency": rng.choice(("每日一次", "每日两次")),
        "days": rng.choice((7, 14, 28)),
    }
    return [encounter, diagnosis, laboratory, prescription]


def _elder_care(rng: Random, _person: Person, last_day: date) -> list[Record]:
    begin = _moment(rng, last_day, 900)
    # GB/T 42195-2022: 90 points is no loss of ability, 0 complete loss.
    score = rng.randrange(5, 91)
    level = _care_level(score)
    admission: Record = {
        "kind": "admission",
        "occurred_at": _text(begin),
        "facility": rng.choice(HOMES),
        "room": f"{rng.randrange(1, 6)}-{rng.randrange(1, 30):02d}",
        "care_level": level,
    }
    assessment: Record = {
        "kind": "care_assessment",
        "occurred_at": _text(begin + timedelta(hours=1)),
        "instrument": "GB/T 42195-2022",
        "score": score,
        "care_level": level,
        "assessor_role": "nurse",
    }
    plan: Record = {
        "kind": "care_plan",
        "occurred_at": _text(begin + timedelta(hours=3)),
        "goals": [rng.choice(("预防跌倒", "保持自理能力", "控制血压", "改善睡眠"))],
        "measures": [rng.choice(("每日陪同散步", "床边护栏", "每周康复训练", "夜间巡视"))],
        "diet": rng.choice(("regular", "soft", "low_salt", "diabetic")),
    }
    return [admission, assessment, plan]


def _care_level(score: int) -> str:
    for least, level in ((90, "independent"), (66, "mild"), (46, "moderate"), (30, "severe")):
        if score >= least:
            return level
    return "complete"


def _funeral(rng: Random, person: Person, last_day: date) -> list[Record]:
    contract: Record = {
        "kind": "contract",
        "contract_number": f"HT-{person.number:05d}",
        "product": rng.choice(("burial", "columbarium", "ecological_burial")) if person.died else "pre_need",
        "status": "fulfilled" if person.died else "active",
        "amount_yuan": rng.randrange(80, 900) * 100,
    }
    if person.died is None:
        return [{**contract, "occurred_at": _text(_moment(rng, last_day, 900))}]
    signed = datetime.combine(last_day + timedelta(days=1), time(2), UTC)
    cemetery = rng.choice(CEMETERIES)
    service: Record = {
        "kind": "service",
        "occurred_at": _text(signed + timedelta(days=2)),
        "service_type": "farewell_ceremony",
        "venue": f"{cemetery}告别厅",
    }
    plot: Record = {
        "kind": "memorial_plot",
        "occurred_at": _text(signed + timedelta(days=5)),
        "cemetery": cemetery,
        "section": rng.choice(("松", "竹", "梅")) + "区",
        "plot": f"{rng.randrange(1, 40)}-{rng.randrange(1, 60):02d}",
        "form": rng.choice(("grave", "wall_niche", "tree")),
    }
    return [{**contract, "occurred_at": _text(signed)}, service, plot]


_MAKERS: dict[str, Callable[[Random, Person, date], list[Record]]] = {
    MEDICAL: _medical,
    ELDER_CARE: _elder_care,
    FUNERAL: _funeral,
}
