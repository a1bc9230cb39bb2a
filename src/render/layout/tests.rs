use super::{
    super::{format::Format, samples::*, single::record, style::Ink},
    *,
};
use crate::{
    domain::{currency::Currency, signed::Signed},
    report::{self, Record},
};

const EVENTS: Columns = &[
    column("code", "event"),
    minor(column("type", "type")),
    column("project", "project"),
    column("currency", "currency"),
    summed("total", "total"),
    minor(column("date", "date")),
    key(column("status", "status")),
    summed("paid", "paid"),
];

fn event(code: &str, total: &str, paid: &str) -> Vec<report::Cell> {
    let text = report::Cell::text;
    let (total, paid) = (money(total, "NGN"), money(paid, "NGN"));
    vec![
        text(code),
        text("revenue"),
        text("LAGOS"),
        text("NGN"),
        total,
        text("2026-06-30"),
        text("active"),
        paid,
    ]
}

fn events() -> [Vec<report::Cell>; 2] {
    [event("E-1", "1250000.5", "99"), event("E-2", "7", "0")]
}

fn wide(width: u16) -> Style {
    Style {
        ink: Ink::Plain,
        width: Some(width),
    }
}

#[track_caller]
fn left_out(width: u16, rows: &[Vec<report::Cell>]) -> Vec<&'static str> {
    let (text, hidden) = styled(wide(width), EVENTS, rows);
    assert!(
        text.lines()
            .all(|line| line.chars().count() <= usize::from(width)),
        "{text}"
    );
    assert_eq!(hidden.shortened, [""; 0]);
    hidden.left_out
}

#[test]
fn a_table_that_fits_is_the_same_as_without_a_terminal() {
    let (whole, hidden) = styled(Style::PLAIN, EVENTS, &events());
    assert_eq!(hidden, Hidden::default());
    assert_eq!(styled(wide(78), EVENTS, &events()), (whole.clone(), hidden));
    assert_eq!(whole.lines().nth(1).unwrap().chars().count(), 78);
}

#[test]
fn what_counts_least_leaves_first_and_from_the_right() {
    assert_eq!(left_out(77, &events()), ["date"]);
    assert_eq!(left_out(65, &events()), ["type", "date"]);
    assert_eq!(left_out(56, &events()), ["type", "project", "date"]);
    assert_eq!(left_out(47, &events()), ["type", "project", "date", "paid"]);
    // The currency stays as long as money is shown, and leaves when there is none any more.
    assert_eq!(
        left_out(40, &events()),
        ["type", "project", "total", "date", "paid"]
    );
    assert_eq!(
        left_out(22, &events()),
        ["type", "project", "currency", "total", "date", "paid"]
    );
    insta::assert_snapshot!(styled(wide(47), EVENTS, &events()).0, @r"
    event      currency         total  status
    ─────────────────────────────────────────
    E-1        NGN       1,250,000.50  active
    E-2        NGN               7.00  active
    ─────────────────────────────────────────
    total NGN            1,250,007.50
    ");
}

#[test]
fn a_total_counts_for_the_width_and_figures_are_never_cut() {
    let rows = [
        event("E-1", "9999999999.99", "99"),
        event("E-2", "9999999999.99", "0"),
    ];
    assert_eq!(left_out(53, &rows), ["type", "project", "date"]);
    assert_eq!(
        left_out(52, &rows),
        ["type", "project", "date", "paid"],
        "without its total it would be 52 wide"
    );
    // What must stay is shown in full, even if the terminal has to break its lines.
    const KEPT: Columns = &[
        key(summed("total", "total")),
        column("currency", "currency"),
    ];
    let row = || vec![money(HUGE, "NGN"), report::Cell::text("NGN")];
    let (text, hidden) = styled(wide(20), KEPT, &[row(), row()]);
    assert_eq!(
        (text.matches(HUGE_SHOWN).count(), hidden),
        (3, Hidden::default()),
        "{text}"
    );
}

/// As people see it; a total of two ends the same way.
const HUGE_SHOWN: &str = "9,999,999,999,999.999999";

#[test]
fn texts_are_shortened_last_and_dates_and_accounts_never() {
    const TEXTS: Columns = &[
        column("code", "line"),
        key(column("amount", "amount")),
        key(column("description", "description")),
        key(column("account", "account")),
    ];
    let number = crate::domain::account::AccountNumber::parse("0123456785").unwrap();
    let account = report::Cell::Account(number, report::Pii::Shown);
    let row = |words: &str| {
        vec![
            report::Cell::text("L-000001"),
            money("1250", "NGN"),
            report::Cell::text(words),
            account.clone(),
        ]
    };
    let rows = [
        row("NIP TRF 000013261125091421700000023343"),
        row("株式会社株式会社株式会社株式会社"),
        row("short"),
    ];
    let (text, hidden) = styled(wide(50), TEXTS, &rows);
    insta::assert_snapshot!(text, @r"
    line        amount  description         account
    ──────────────────────────────────────────────────
    L-000001  1,250.00  NIP TRF 000013261…  0123456785
    L-000001  1,250.00  株式会社株式会社…   0123456785
    L-000001  1,250.00  short               0123456785
    ");
    assert_eq!(
        hidden,
        Hidden {
            left_out: Vec::new(),
            shortened: vec!["description"]
        }
    );
    let (text, _) = styled(wide(10), TEXTS, &rows);
    assert!(
        text.contains("NIP TRF 000…") && text.contains("0123456785") && text.contains("1,250.00"),
        "{text}"
    );
}

const HOLDINGS: Columns = &[
    column("holder", "holder"),
    column("currency", "currency"),
    with_bar(summed("amount", "amount")),
    with_bar(column("tokens", "tokens")),
    column("status", "status"),
    drawn("trend", "last quarters"),
];

fn holding(holder: &str, amount: Signed, currency: &str, held: &str) -> Vec<report::Cell> {
    let currency_code = report::Cell::text(currency);
    let currency = Currency::parse(currency).unwrap();
    let trend = [0, 10_000_000, 40_000_000]
        .map(|units| Signed::from_units(units).unwrap())
        .to_vec();
    let amount = report::Cell::Money(amount, currency);
    let status = report::Cell::text("active");
    vec![
        report::Cell::text(holder),
        currency_code,
        amount,
        tokens(held),
        status,
        report::Cell::Series(trend, currency),
    ]
}

fn holdings() -> [Vec<report::Cell>; 4] {
    let naira = |naira: i128| Signed::from_units(naira * 10_000_000).unwrap();
    [
        holding("h1", naira(1000), "NGN", "1"),
        holding("h2", naira(250), "NGN", "0"),
        holding("h3", naira(-1000), "NGN", "3.5"),
        holding("h4", naira(5), "USD", "4"),
    ]
}

fn inked(width: Option<u16>) -> (String, Hidden) {
    let (text, hidden) = styled(
        Style {
            ink: Ink::Colored,
            width,
        },
        HOLDINGS,
        &holdings(),
    );
    (
        text.replace("\u{1b}[1m", "").replace("\u{1b}[0m", ""),
        hidden,
    )
}

#[test]
fn bars_and_lines_are_drawn_next_to_figures_and_never_in_totals() {
    insta::assert_snapshot!(inked(None).0, @r"
    holder     currency     amount                        tokens                        status  last quarters
    ─────────────────────────────────────────────────────────────────────────────────────────────────────────
    h1         NGN        1,000.00  ████████████████████     1    █████                 active  ▁▃█
    h2         NGN          250.00  █████                    0                          active  ▁▃█
    h3         NGN       -1,000.00                           3.5  █████████████████▌    active  ▁▃█
    h4         USD            5.00  ████████████████████     4    ████████████████████  active  ▁▃█
    ─────────────────────────────────────────────────────────────────────────────────────────────────────────
    total NGN               250.00
    total USD                 5.00
    ");
    let (plain, _) = styled(Style::PLAIN, HOLDINGS, &holdings());
    assert!(
        !plain.contains(['█', '▁']) && !plain.contains("last quarters"),
        "{plain}"
    );
    for format in [Format::Markdown, Format::Html] {
        let text = listed(format, HOLDINGS, &holdings());
        assert!(
            !text.contains(['█', '▁']) && !text.contains("last quarters"),
            "{text}"
        );
    }
    assert!(listed(Format::Csv, HOLDINGS, &holdings()).contains(",0.00 1.00 4.00\n"));
}

#[test]
fn bars_become_shorter_and_leave_before_any_column() {
    let bars = |width| {
        let (text, hidden) = inked(Some(width));
        let bars = text
            .lines()
            .find(|line| line.starts_with("h4"))
            .unwrap()
            .split("  ")
            .filter(|word| word.starts_with('█'));
        (
            bars.map(|bar| bar.chars().count()).collect::<Vec<_>>(),
            hidden.left_out,
        )
    };
    for (width, lengths, left_out) in [
        (105, vec![20, 20], vec![]),
        (104, vec![19, 19], vec![]),
        (81, vec![8, 8], vec![]),
        (80, vec![17], vec![]),
        (71, vec![8], vec![]),
        (70, vec![], vec![]),
        (61, vec![], vec![]),
        (60, vec![], vec!["last quarters"]),
    ] {
        assert_eq!(bars(width), (lengths, left_out), "{width}");
    }
}

#[test]
fn the_tables_of_a_record_fit_too_and_each_heading_is_named_once() {
    let table = |name| report::Table {
        name,
        columns: EVENTS.to_vec(),
        rows: events().to_vec(),
    };
    let both = Record {
        fields: Vec::new(),
        lists: Vec::new(),
        order: &[],
        tables: vec![table("first"), table("second")],
    };
    let mut out = Vec::new();
    let hidden = record(&both, Format::Table, wide(65), None, &mut out).unwrap();
    assert_eq!(hidden.left_out, ["type", "date"]);
    let text = String::from_utf8(out).unwrap();
    assert!(
        text.lines().all(|line| line.chars().count() <= 65),
        "{text}"
    );
}
