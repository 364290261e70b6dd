"""A production node is set up from an empty database by the steps of `docs/operating.md`, and an officer comes in."""

import csv
import io
import re
import shutil
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from stdnum.cn import uscc

from launch.backup import read_manifest, save
from launch.databases import External
from launch.node import Node
from launch.ports import free_ports
from launch.tests.build import cluster, reachable_folder
from launch.words import Trouble

pytestmark = pytest.mark.journey

HUB, HERE = "00", "34"
HOST = "tongban.example.gov.cn"
PASSWORD = "a lake in the hills"
ROLES = ("CREATE ROLE tongban_owner LOGIN", "CREATE ROLE tongban_app LOGIN")


def credit_code(running: int) -> str:
    """Of no organ that there is: its place was never assigned. But nothing marks it as invented."""
    body = f"11349999{running:08d}0"
    return body + uscc.calc_check_digit(body)


HALL, POLICE = credit_code(1), credit_code(2)
ORGANS = f"""统一社会信用代码,机构名称,机构类别,行政区划代码,实施主体性质,电话,值班联系人
{HALL},合肥市政务服务中心,service_hall,340100,受委托组织,0551-62345678,值班员 0551-62345678
{POLICE},安徽省市场监督管理局,市场监督管理局,340000,法定机关,12315,
"""
STAFF = f"""账号,姓名,岗位,机构代码
ops1,运维甲,运维人员,
zhou01,周某,承办人员,{POLICE}
"""
GRANTS = "账号,办理环节,事项,区域\nzhou01,全部,个体工商户设立登记,全部\n"


@dataclass
class Browser:
    """A browser behind the proxy that ends TLS: it keeps cookies although this side speaks plain HTTP."""

    port: int
    address: str = "192.0.2.10"
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(self, method: str, path: str, **form: str) -> httpx.Response:
        headers = {
            "Host": HOST,
            "Origin": f"https://{HOST}",
            "X-Forwarded-For": self.address,
            "X-Forwarded-Proto": "https",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
        }
        answer = httpx.request(
            method, f"http://127.0.0.1:{self.port}{path}", data=form, headers=headers, trust_env=False, timeout=30
        )
        for line in answer.headers.get_list("set-cookie"):
            name, value = line.split(";")[0].split("=", 1)
            self.cookies[name] = value
            assert "Secure" in line
        return answer

    def send(self, path: str, **form: str) -> httpx.Response:
        """Open the page and send its form."""
        token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', self.ask("GET", path).text).group(1)
        return self.ask("POST", path, csrfmiddlewaretoken=token, **form)


@pytest.fixture(scope="module")
def node():
    """Keys made, listed in a directory that the hub signed, the database empty."""
    with reachable_folder() as folder, cluster() as server:
        for statement in (*ROLES, *(f"CREATE DATABASE tongban_{code} OWNER tongban_owner" for code in (HUB, HERE))):
            server.sql(statement)
        made = {code: _node(code, server, folder) for code in (HUB, HERE)}
        for each in made.values():
            each.command("make_keys")
        _be_listed(made[HUB], made[HERE])
        try:
            yield made[HERE]
        finally:
            made[HERE].stop("web")


def _node(code: str, server, folder: Path) -> Node:
    """Each on a machine of its own, as far as files tell."""
    app, owner = (server.url(f"tongban_{code}", role=role) for role in ("tongban_app", "tongban_owner"))
    return Node(code, free_ports(1)[0], "production", folder / code, app, owner, {"TONGBAN_HOSTS": f"{HOST},127.0.0.1"})


def _be_listed(hub: Node, here: Node) -> None:
    """The public key travels to the hub, the directory and the hub's own key travel back."""
    desk = hub.folder.parent / HERE / "keys"
    desk.mkdir(parents=True)
    shutil.copy(here.folder / "keys" / "signing.pub", desk)
    hub.command("make_directory", f"--node={HUB}=https://hub.example", f"--node={HERE}=https://{HOST}")
    shutil.copy(hub.state / "directory.json", here.state)
    shutil.copy(desk / "hub.pub", here.folder / "keys")


@pytest.fixture(scope="module")
def sheets(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sheets")
    for name, text in (("organs", ORGANS), ("staff", STAFF), ("grants", GRANTS)):
        (folder / f"{name}.csv").write_text(text, "gb18030")
    return folder


@pytest.fixture(scope="module")
def ready(node, sheets) -> Node:
    """Set up and serving."""
    assert "格式没有问题" in node.command("set_up_node", str(sheets), "--dry-run")
    assert "机构：新增 2，修改 0，不变 0" in node.command("set_up_node", str(sheets), owner=True)
    node.command("collectstatic", "--no-input", "--verbosity=0")
    node.start("web")
    node.wait_until_healthy(seconds=60)
    return node


def slip_of(node: Node, username: str) -> str:
    return next(csv.DictReader(io.StringIO(node.command("give_code", username))))["登录码"]


def test_an_officer_comes_in_with_his_code_and_works_with_his_own_password(ready):
    browser = Browser(ready.port)
    led = browser.send("/login/", username="zhou01", password=slip_of(ready, "zhou01"))
    assert led.headers["location"] == "/login/password/"
    led = browser.send("/login/password/", password=PASSWORD, again=PASSWORD)
    assert led.headers["location"] == "/office/"
    page = browser.ask("GET", "/office/")
    assert (page.status_code, "待办办件" in page.text, "演示" in page.text) == (200, True, False)


def test_an_operator_comes_in_and_finds_what_the_sheets_said(ready):
    browser = Browser(ready.port)
    browser.send("/login/", username="ops1", password=slip_of(ready, "ops1"))
    browser.send("/login/password/", password=PASSWORD, again=PASSWORD)
    assert POLICE in browser.ask("GET", "/ops/organs/").text
    assert "周某" in browser.ask("GET", "/ops/staff/").text


def test_the_same_sheets_again_change_nothing(ready, sheets):
    told = ready.command("set_up_node", str(sheets), owner=True)
    for line in ("机构：新增 0，修改 0，不变 2", "人员：新增 0，修改 0，不变 2", "授权：新增 0，修改 0，不变 1"):
        assert line in told


def test_a_faulty_sheet_changes_nothing_and_is_told_by_row_and_column(ready, sheets, tmp_path):
    folder = shutil.copytree(sheets, tmp_path / "sheets")
    (folder / "organs.csv").write_text(ORGANS + "11999934000000027B,示例局,notary,340000,9,,\n", "utf-8")
    with pytest.raises(Trouble):
        ready.command("set_up_node", str(folder), owner=True)
    told = ready.log("commands").read_text("utf-8")
    assert "organs.csv 第 4 行“统一社会信用代码”：这是演示用的虚构代码" in told
    assert "有 1 处问题，什么也没有改。" in told


def test_a_node_set_up_by_hand_can_be_backed_up(ready, tmp_path):
    save(ready.state, tmp_path / "saved", tmp_path / "keys", External(ready.app_url, ready.owner_url))
    assert read_manifest(tmp_path / "saved")["nodes"] == [HERE]


def test_nobody_of_a_demonstration_comes_in(ready):
    answer = Browser(ready.port).send("/login/", username="officer-34", password="tongban-demo")
    assert answer.status_code == 422
    assert "演示账号" not in answer.text


def test_each_visitor_is_known_by_his_own_address_behind_the_proxy(ready):
    """Wrong passwords from one address make nobody at another wait."""
    answers = [Browser(ready.port, "192.0.2.66").send("/login/", username="new", password="wrong") for _ in range(6)]
    assert [answer.status_code for answer in answers] == [422] * 5 + [429]
    elsewhere = Browser(ready.port, "192.0.2.77").send("/login/", username="new", password="wrong")
    assert elsewhere.status_code == 422
