"""What the tour says, in English and Chinese."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Caption:
    """A step's title and what happens in it: English, then Chinese."""

    title: tuple[str, str]
    text: tuple[str, str]


EXACT = Caption(
    ("Who is this?", "这是谁？"),
    (
        "The hospital knows a person by the five identity elements alone and asks for the customer ID.",
        "医院只知道五项身份要素，向客户数据中心询问主客户编号。",
    ),
)
FUZZY = Caption(
    ("Misspelt, and found, with reasons", "写错了也能找到，并说明理由"),
    (
        "The name was typed by ear. Each element adds or takes away weight (log2 of the Bayes factor).",
        "姓名按读音误录。每项要素加分或减分（贝叶斯因子以 2 为底的对数）。",
    ),
)
DOUBTFUL = Caption(
    ("Never a guess", "绝不猜测"),
    (
        "Without a document it may be a namesake born on the same day: a steward must look.",
        "没有证件号，可能是同名且同日出生的人：转人工审核，不返回编号。",
    ),
)
TOKEN = Caption(
    ("Match and ask for access", "匹配并申请授权"),
    (
        "One call asks for elder-care records too. A certain match and the policy give a short-lived token:",
        "同一请求申请养老记录。匹配确定且策略允许，即得到短期令牌，只限此机构、此客户、此领域、此目的：",
    ),
)
GATEWAY = Caption(
    ("The first road: records through the CDC", "路径一：经客户数据中心取记录"),
    (
        "The token opens one domain of one customer. The CDC fetches, the HDC checks the token again.",
        "令牌只开放一位客户的一个领域。客户数据中心转发请求，健康数据中心再次核验令牌。",
    ),
)
SECOND_ROAD = Caption(
    ("The second road: through the HDC", "路径二：直接询问健康数据中心"),
    (
        "The elder-care home asks the HDC with the five elements; the HDC asks the CDC in its name.",
        "养老院带五项要素直接询问健康数据中心，由其以养老院之名向客户数据中心核实（令牌交换）。",
    ),
)
REFUSAL = Caption(
    ("Refused, and nothing given away", "拒绝，且不透露任何信息"),
    (
        "The home asks for medical records to bill: not permitted. Then for somebody unknown: same answer.",
        "养老院以结算为目的索要医疗记录：不允许。再询问一个不存在的人：答复完全相同。",
    ),
)
REASONS = ("Only the access log knows why:", "真正的原因只在访问日志里：")
AUDIT = Caption(
    ("Who looked at this customer?", "谁看过这位客户？"),
    (
        "Every decision is one line that nobody can change or delete. No name, no number stands in it.",
        "每个决定一行，不可更改、不可删除，其中没有姓名和证件号。",
    ),
)
FAREWELL = Caption(("Yours now", "现在交给您"), ("Both services run.", "两个服务都在运行。"))
