use super::*;
use crate::{
    domain::{
        activity::Head, currency::Currency, quantity::Total, time::parse_date, user::FourEyes,
    },
    render::samples::{Columns, column, key, summed},
    report::{About, Cell, Table},
};

fn about() -> About {
    let head = Head {
        seq: 7,
        hash: "0f".repeat(32),
    };
    let as_of = parse_date("2026-06-30").unwrap();
    About {
        title: "Distributions <of> \u{202e}LAGOS".to_owned(),
        as_of,
        head,
        four_eyes: FourEyes::Off,
    }
}

fn with(sections: Vec<Section>) -> Page {
    Page {
        about: about(),
        scope: "\"Lagos\" & Sons".to_owned(),
        summaries: Vec::new(),
        empty: None,
        sections,
    }
}

fn written(page: &Page) -> String {
    let mut bytes = Vec::new();
    dashboard(page, &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

fn amounts(amounts: &[(&str, &str, &str)]) -> Section {
    const COLUMNS: Columns = &[
        key(column("name", "name")),
        key(column("currency", "currency")),
        summed("amount", "amount"),
    ];
    let row = |(name, code, amount): &(&str, &str, &str)| {
        let currency = Currency::parse(code).unwrap();
        vec![
            Cell::text(name),
            Cell::text(code),
            Cell::Money(Total::parse(amount).unwrap().into(), currency),
        ]
    };
    let table = Table {
        name: "amounts",
        columns: COLUMNS.to_vec(),
        rows: amounts.iter().map(row).collect(),
    };
    Section {
        id: "amounts",
        title: "Amounts",
        lead: "All of them.",
        charts: Vec::new(),
        tables: vec![("Amounts", table)],
    }
}

#[test]
fn hashes_are_written_as_policies_name_them() {
    for (bytes, text) in [
        ("", ""),
        ("f", "Zg=="),
        ("fo", "Zm8="),
        ("foo", "Zm9v"),
        ("foob", "Zm9vYg=="),
        ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
    ] {
        assert_eq!(base64(bytes.as_bytes()), text);
    }
}

#[test]
fn a_page_loads_nothing_and_is_the_same_each_time() {
    let page = with(vec![amounts(&[("a", "NGN", "1"), ("b", "NGN", "2")])]);
    let text = written(&page);
    assert_eq!(text, written(&page));
    for word in ["http:", "https:", "//", "@import", "src=", "url(\""] {
        let found = text.replace("// Sorting", "").replace("// What", "");
        assert!(!found.contains(word), "{word}");
    }
    assert_eq!(text.matches("<script").count(), 1);
    assert!(
        !SCRIPT.contains("</") && !STYLE.contains("</"),
        "they would end early"
    );
    assert!(
        text.contains("content=\"default-src 'none'; style-src 'sha256-"),
        "{text}"
    );
}

#[test]
fn names_are_words_and_the_footer_proves_the_ledger() {
    let text = written(&with(Vec::new()));
    assert!(
        text.contains("<h1>Distributions &lt;of&gt; \u{FFFD}LAGOS</h1>"),
        "{text}"
    );
    assert!(text.contains("<p class=\"scope\">&quot;Lagos&quot; &amp; Sons</p>"));
    let head = "0f".repeat(32);
    assert!(text.contains(&format!("four eyes off. Audit head 7 <code>{head}</code>")));
    assert!(text.contains("at the end of <time datetime=\"2026-06-30\">2026-06-30</time>"));
}

#[test]
fn cells_carry_plain_values_and_keys_and_points_stand_below_each_other() {
    let text = written(&with(vec![amounts(&[
        ("<a>", "NGN", "1250000"),
        ("b", "KWD", "0.1234567"),
    ])]));
    let row = "<tr><th scope=\"row\">&lt;a&gt;</th><td>NGN</td><td class=\"n\" data-value=\"1250000.00\" \
               data-key=\"100000000000000012500000000000\" data-pad=\"00000\">1,250,000.00</td></tr>";
    assert!(text.contains(row), "{text}");
    assert!(
        text.contains("data-key=\"100000000000000000000001234567\">0.1234567</td>"),
        "{text}"
    );
    let total = "<tr><th scope=\"row\" colspan=\"2\">Total NGN <span class=\"all\">of all rows</span></th>\
                 <td class=\"n\" data-value=\"1250000.00\" data-pad=\"00000\">1,250,000.00</td></tr>";
    assert!(text.contains(total), "{text}");
    assert!(
        text.contains("<th scope=\"col\" class=\"n\" data-field=\"amount\" data-sorts>Amount</th>"),
        "{text}"
    );
    assert!(!text.contains("type=\"search\""), "two rows need no filter");
}

#[test]
fn a_page_without_figures_says_so_and_draws_nothing() {
    let page = Page {
        empty: Some("Nothing <yet>.".to_owned()),
        ..with(Vec::new())
    };
    let text = written(&page);
    assert!(
        text.contains("<h2 id=\"empty\">No figures yet</h2>\n<p>Nothing &lt;yet&gt;.</p>"),
        "{text}"
    );
    assert!(!text.contains("<figure") && !text.contains("<table") && !text.contains("<nav"));
}
