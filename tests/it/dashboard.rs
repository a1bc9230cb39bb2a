//! The page of the dashboard, in a real browser.

mod sample;

use std::path::{Path, PathBuf};

use sample::Sample;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{browser::Browser, event::once::unchanged, support::has_program};

/// Makes a page in a folder. The only place that knows how pages come about.
fn page(folder: &TempDir, name: &str, sample: &Sample) -> PathBuf {
    let path = folder.path().join(name);
    std::fs::write(&path, sample.html()).unwrap();
    path
}

/// Starts a browser with an empty folder for pages, if there is one.
fn browser() -> Option<(Browser, TempDir)> {
    let there = has_program("chromium") && has_program("chromedriver");
    there.then(|| (Browser::start(), tempfile::tempdir().unwrap()))
}

/// Reads every value of the tables and key figures, by table, row and field, as programs read them.
const VALUES: &str = r#"
const found = {};
const note = (table, row, field, value) => { (((found[table] ??= {})[row] ??= {})[field]) = value; };
for (const table of document.querySelectorAll("table[data-table]")) {
  const fields = Array.from(table.tHead.rows[0].cells, (head) => head.dataset.field);
  Array.from(table.tBodies[0].rows).forEach((row, at) => fields.forEach((field, column) => {
    const cell = row.cells[column];
    note(table.dataset.table, at, field, cell.dataset.value ?? cell.textContent);
  }));
}
for (const figure of document.querySelectorAll("span[data-table]")) {
  const { table, row, field, value } = figure.dataset;
  const known = found[table]?.[row]?.[field];
  if (known !== undefined && known !== value) throw new Error(`${table} ${row} ${field}: ${known}, ${value}`);
  note(table, row, field, value);
}
return found;
"#;

/// Checks that each value of the report is on the page.
fn same_values(browser: &Browser, report: &Value) {
    let page = browser.run(VALUES);
    let mut compared = 0;
    for (table, rows) in report.as_object().unwrap() {
        // The page writes the names of figures with spaces.
        for (at, row) in rows
            .as_array()
            .unwrap()
            .iter()
            .enumerate()
            .filter(|_| table != "formulas")
        {
            for (field, value) in row.as_object().unwrap() {
                // A quarter or a year has no course of its own: its trend repeats its total.
                if field == "trend"
                    && table.starts_with("by_")
                    && table != "by_type"
                    && table != "by_project"
                {
                    continue;
                }
                let wanted = match value {
                    Value::Null => String::new(),
                    Value::Array(values) => values
                        .iter()
                        .map(|value| value.as_str().unwrap())
                        .collect::<Vec<_>>()
                        .join(" "),
                    Value::String(text) => text.clone(),
                    Value::Bool(_) | Value::Number(_) | Value::Object(_) => value.to_string(),
                };
                let shown = page[table][at.to_string()][field].as_str();
                // What no row uses takes no room on the page, and the net follows from the others.
                let optional = [
                    "tax_amount",
                    "net_amount",
                    "carried_forward_amount",
                    "held_amount",
                    "retained_amount",
                ];
                let is_zero = wanted.chars().all(|sign| sign == '0' || sign == '.');
                if shown.is_none() && optional.contains(&field.as_str()) {
                    assert!(is_zero || field == "net_amount", "{table} {at} {field}");
                    continue;
                }
                assert_eq!(
                    shown,
                    Some(prorata::render::clean(&wanted).as_ref()),
                    "{table} {at} {field}"
                );
                compared += 1;
            }
        }
    }
    assert!(compared > 20, "only {compared} values were compared");
}

/// What must hold for the structure of every page: headings, captions, names of drawings, scopes,
/// ids.
const STRUCTURE: &str = r#"
const wrong = [];
const all = (selector) => Array.from(document.querySelectorAll(selector));
let before = 0;
for (const heading of all("h1,h2,h3,h4,h5,h6")) {
  const level = Number(heading.tagName[1]);
  if (level > before + 1) wrong.push(`${heading.tagName} ${heading.textContent}`);
  before = level;
}
if (all("h1").length !== 1 || all("main").length !== 1) wrong.push("one h1 and one main");
for (const table of all("table")) {
  if (!table.caption?.textContent) wrong.push("a table without a caption");
  if (all(`[data-table="${table.dataset.table}"] th:not([scope])`).length) wrong.push("a th without a scope");
}
for (const svg of all("svg:not([aria-hidden])")) {
  if (!svg.querySelector(":scope > title")?.textContent || svg.getAttribute("role") !== "img") wrong.push("a drawing without a name");
  for (const id of (svg.getAttribute("aria-labelledby") ?? "").split(" ").filter(Boolean)) {
    if (!document.getElementById(id)?.textContent) wrong.push(`${id} is empty`);
  }
}
for (const figure of all("figure")) if (!figure.querySelector("figcaption")?.textContent) wrong.push("a figure without a caption");
for (const region of all("[role=region]")) if (region.tabIndex !== 0 || !region.ariaLabel) wrong.push("a region without a name");
for (const input of all("input")) if (!input.labels[0]?.textContent) wrong.push("a field without a label");
const ids = all("[id]").map((element) => element.id);
for (const id of ids) if (ids.indexOf(id) !== ids.lastIndexOf(id)) wrong.push(`twice ${id}`);
for (const link of all("a[href^='#']")) if (!document.querySelector(link.hash)) wrong.push(`${link.hash} leads nowhere`);
return wrong;
"#;

/// What is hard to read: words below 4.5 to 1 and marks below 3 to 1 against what lies behind them.
const CONTRAST: &str = r##"
const numbers = (colour) => colour.match(/[\d.]+/g).map(Number);
const light = (colour) => {
  const [r, g, b] = numbers(colour).slice(0, 3).map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const ratio = (a, b) => (Math.max(light(a), light(b)) + 0.05) / (Math.min(light(a), light(b)) + 0.05);
const behind = (element) => {
  for (let at = element; at; at = at.parentElement) {
    const colour = getComputedStyle(at).backgroundColor;
    if ((numbers(colour)[3] ?? 1) === 1) return colour;
  }
  return "rgb(255, 255, 255)";
};
const wrong = new Set();
let seen = 0;
const check = (element, colour, least) => {
  seen += 1;
  const found = ratio(colour, behind(element));
  if (found < least) wrong.add(`${element.tagName} ${element.className.baseVal ?? element.className} ${colour} on ${behind(element)}: ${found}`);
};
for (const element of document.querySelectorAll("h1,h2,h3,p,dt,dd,td,th,caption,li,a,label,code,span,button,figcaption,input")) {
  check(element, getComputedStyle(element).color, 4.5);
}
for (const text of document.querySelectorAll("svg text")) check(text, getComputedStyle(text).fill, 4.5);
for (const mark of document.querySelectorAll("figure svg rect:not(.spot), figure svg polyline, figure svg circle, .spark rect")) {
  const style = getComputedStyle(mark);
  const colour = mark.tagName === "polyline" ? style.stroke : style.fill;
  const stripes = colour.startsWith("url") ? getComputedStyle(document.querySelector(".stripe")).fill : colour;
  const grid = mark.tagName === "polyline" && mark.getAttribute("stroke") === "#E3E7EE";
  if (!grid) check(mark, stripes, 3);
}
return { wrong: Array.from(wrong), seen, background: getComputedStyle(document.body).backgroundColor };
"##;

#[track_caller]
fn no_overflow(browser: &Browser) {
    for width in [390, 1280] {
        browser.resize(width, 900);
        let found = browser.run("return document.documentElement.scrollWidth");
        assert_eq!(found, json!(width), "the page is wider than its window");
        // Words that end outside of their drawing are cut off or cover others.
        let outside = browser.run(
            "return Array.from(document.querySelectorAll('.drawing svg')).filter((svg) => svg.getClientRects().length).flatMap((svg) => {
               const box = svg.getBoundingClientRect();
               return Array.from(svg.querySelectorAll('text')).filter((text) => {
                 const own = text.getBoundingClientRect();
                 return own.left < box.left - 1 || own.right > box.right + 1 || own.top < box.top - 1 || own.bottom > box.bottom + 1;
               }).map((text) => text.textContent);
             })",
        );
        assert_eq!(outside, json!([]), "at {width}");
    }
}

#[track_caller]
fn readable(browser: &Browser) -> [Value; 2] {
    let backgrounds = ["light", "dark"].map(|theme| {
        browser.theme(theme);
        let found = browser.run(CONTRAST);
        assert_eq!(found["wrong"], json!([]), "{theme}");
        assert!(found["seen"].as_u64() > Some(20), "{found}");
        found["background"].clone()
    });
    assert_ne!(
        backgrounds[0], backgrounds[1],
        "the dark theme is the light one"
    );
    backgrounds
}

/// Checks that the console is silent and that nothing but the page itself was asked for.
#[track_caller]
fn silent(browser: &Browser, pages: usize) {
    let (console, requested) = browser.noticed();
    assert_eq!(console, [""; 0]);
    let elsewhere: Vec<&String> = requested
        .iter()
        .filter(|address| !address.starts_with("file:///"))
        .collect();
    assert!(
        elsewhere.is_empty() && requested.len() == pages,
        "{requested:?}"
    );
}

fn column(browser: &Browser, table: &str, field: &str) -> Vec<String> {
    let script = "const [name, field] = arguments[0];
         const table = document.querySelector(`table[data-table=\"${name}\"]`);
         const at = Array.from(table.tHead.rows[0].cells).findIndex((head) => head.dataset.field === field);
         return Array.from(table.tBodies[0].rows).filter((row) => !row.hidden)
             .map((row) => row.cells[at].dataset.value ?? row.cells[at].textContent)";
    let found = browser.run_with(script, &json!([table, field]));
    found
        .as_array()
        .unwrap()
        .iter()
        .map(|value| value.as_str().unwrap().to_owned())
        .collect()
}

/// Reads a plain decimal as a whole number of ten-millionths.
fn units(plain: &str) -> i128 {
    let (whole, fraction) = plain.split_once('.').unwrap_or((plain, ""));
    format!("{whole}{fraction:0<7}").parse().unwrap()
}

fn head(table: &str, field: &str) -> String {
    format!("table[data-table=\"{table}\"] th[data-field=\"{field}\"]")
}

fn sorting(browser: &Browser, table: &str, field: &str) -> Value {
    browser.run_with(
        "return document.querySelector(arguments[0]).getAttribute('aria-sort')",
        &json!(head(table, field)),
    )
}

#[test]
fn the_page_is_exact_readable_and_at_hand() {
    let Some((browser, folder)) = browser() else {
        return;
    };
    let sample = Sample::usual();
    let file = page(&folder, "usual.html", &sample);
    browser.open(&file);
    same_values(&browser, &sample.json());
    assert_eq!(browser.run(STRUCTURE), json!([]));

    let totals: Vec<String> = sample
        .events
        .iter()
        .map(|event| {
            event
                .total
                .amount()
                .unwrap()
                .plain(event.currency.decimals())
        })
        .collect();
    assert_eq!(column(&browser, "events", "total_amount"), totals);

    sorts(&browser);
    filters(&browser);
    works_by_keyboard(&browser, &file);

    no_overflow(&browser);
    let [light, _] = readable(&browser);
    prints_as_on_a_light_desk(&browser, &light);
    silent(&browser, 2);
}

fn sorts(browser: &Browser) {
    let button = format!("{} button", head("events", "total_amount"));
    let before = column(browser, "events", "total_amount");
    assert_eq!(sorting(browser, "events", "total_amount"), Value::Null);
    browser.click(&button);
    let rising = column(browser, "events", "total_amount");
    assert!(
        rising.is_sorted_by_key(|value| units(value))
            && before.len() == rising.len()
            && before != rising,
        "{rising:?}"
    );
    assert_eq!(sorting(browser, "events", "total_amount"), "ascending");
    browser.click(&button);
    let falling = column(browser, "events", "total_amount");
    assert!(
        falling.is_sorted_by_key(|value| -units(value)),
        "{falling:?}"
    );
    assert_eq!(sorting(browser, "events", "total_amount"), "descending");
    browser.click(&format!("{} button", head("events", "code")));
    assert_eq!(
        column(browser, "events", "code")[..3],
        ["E-000", "E-001", "E-002"]
    );
    assert_eq!(sorting(browser, "events", "total_amount"), Value::Null);
}

fn filters(browser: &Browser) {
    let status = || {
        browser.run(
            "return document.querySelector('.table:has(#filter-events) [role=status]').textContent",
        )
    };
    let all = column(browser, "events", "code").len();
    assert_eq!(status(), json!(format!("{all} of {all} rows")));
    browser.write("#filter-events", "KANO active");
    let (projects, states) = (
        column(browser, "events", "project"),
        column(browser, "events", "status"),
    );
    assert!(!projects.is_empty() && projects.len() < all);
    assert!(
        projects.iter().all(|project| project == "KANO-SOLAR")
            && states.iter().all(|state| state == "active")
    );
    assert_eq!(
        status(),
        json!(format!(
            "{} of {all} rows; totals are of all rows",
            projects.len()
        ))
    );
    browser.write("#filter-events", "no such thing");
    assert_eq!(
        status(),
        json!(format!("0 of {all} rows; totals are of all rows"))
    );
    // Accents are ignored, as keyboards lack them.
    browser.write("#filter-events", "NÉT");
    assert_eq!(status(), json!(format!("{all} of {all} rows")));
}

fn works_by_keyboard(browser: &Browser, file: &Path) {
    let (tab, enter) = ("\u{E004}", "\u{E007}");
    let at = || {
        browser.run("const at = document.activeElement; return at.closest('th')?.dataset.field ?? at.id ?? at.className")
    };
    browser.run("document.querySelector('#filter-events').focus()");
    // After the field come the scrolling region and the first heading.
    browser.press(&tab.repeat(2));
    assert_eq!(at(), json!("code"));
    assert_ne!(
        browser.run("return getComputedStyle(document.activeElement).outlineStyle"),
        json!("none")
    );
    browser.press(&tab.repeat(2));
    assert_eq!(at(), json!("project"));
    browser.press(enter);
    assert_eq!(sorting(browser, "events", "project"), "ascending");
    assert!(column(browser, "events", "project").is_sorted());
    browser.open(file);
    browser.press(tab);
    browser.press(enter);
    assert_eq!(
        browser.run("return [location.hash, document.activeElement.id]"),
        json!(["#main", "main"])
    );
}

fn prints_as_on_a_light_desk(browser: &Browser, light: &Value) {
    let ink = "return getComputedStyle(document.querySelector('h1')).color";
    browser.theme("light");
    let on_screen = browser.run(ink);
    assert_eq!(
        browser.run("return getComputedStyle(document.documentElement).scrollBehavior"),
        "auto"
    );
    browser.paper();
    assert_eq!(browser.run(ink), on_screen);
    assert_ne!(
        browser.run("return getComputedStyle(document.body).backgroundColor"),
        *light,
        "paper is white"
    );
    let seen = "return ['nav', '.tools', '.narrow', '.wide']
         .map((what) => getComputedStyle(document.querySelector(what)).display)";
    assert_eq!(browser.run(seen), json!(["none", "none", "none", "block"]));
    let clipped = "return Array.from(document.querySelectorAll('.scroll')).filter((region) => region.scrollHeight > region.clientHeight + 1).length";
    assert_eq!(browser.run(clipped), json!(0));
}

#[test]
fn the_page_of_the_command_says_what_the_report_says() {
    let desk = crate::report::figures::desk();
    desk.refused("report dashboard", 2, "usage.invalid");
    desk.refused("report dashboard -o page.csv", 2, "usage.invalid");
    desk.refused("report dashboard -o page.html --key k", 2, "usage.invalid");
    assert_eq!(desk.run("report dashboard -o page.html -f csv").code, 2);
    let ran = unchanged(&desk, || {
        desk.ok("report dashboard -o page.html --as-of 2026-06-29")
    });
    assert!(
        ran.stdout.is_empty() && ran.stderr.contains("wrote the dashboard to page.html"),
        "{ran:?}"
    );
    desk.refused("report dashboard -o page.html", 1, "output.exists");
    desk.ok("report dashboard -o again.html --as-of 2026-06-29");
    let read = |name: &str| std::fs::read_to_string(desk.path().join(name)).unwrap();
    assert!(
        read("page.html") == read("again.html"),
        "the same day makes the same page"
    );
    let head = desk.json("audit head --as-of 2026-06-29");
    assert!(
        read("page.html").contains(head["hash"].as_str().unwrap()),
        "the page names the head of its day"
    );
    desk.ok("report dashboard --project TOKYO -o tokyo.html --as-of 2026-06-29");
    assert!(!read("tokyo.html").contains("LAGOS") && read("tokyo.html").contains("TOKYO"));

    let Some((browser, _folder)) = browser() else {
        return;
    };
    for (name, report) in [
        ("page.html", "report analytics"),
        ("tokyo.html", "report analytics --project TOKYO"),
    ] {
        browser.open(&desk.path().join(name));
        same_values(
            &browser,
            &desk.json(&format!("{report} --as-of 2026-06-29")),
        );
        assert_eq!(browser.run(STRUCTURE), json!([]));
    }
    silent(&browser, 2);
}

#[test]
fn hostile_words_huge_numbers_and_empty_ledgers_do_no_harm() {
    let Some((browser, folder)) = browser() else {
        return;
    };
    let hostile = Sample::hostile();
    browser.open(&page(&folder, "hostile.html", &hostile));
    same_values(&browser, &hostile.json());
    assert_eq!(browser.run(STRUCTURE), json!([]));
    assert_eq!(
        browser.run("return [window.hit ?? null, document.scripts.length, document.images.length]"),
        json!([null, 1, 0])
    );
    browser.click(&format!("{} button", head("events", "total_amount")));
    let amounts = column(&browser, "events", "total_amount");
    assert!(
        amounts.is_sorted_by_key(|value| units(value)),
        "{amounts:?}"
    );
    // Two neighbours that differ in the last of twenty digits only, and so are one as binary
    // floats.
    assert!(
        amounts
            .windows(2)
            .any(|pair| units(&pair[1]) - units(&pair[0]) == 1
                && units(&pair[0]) > 99_999_999_999_999_999_000)
    );
    no_overflow(&browser);
    readable(&browser);

    for (name, sample) in [
        ("many.html", Sample::many(200, 40)),
        ("one.html", Sample::many(1, 1)),
    ] {
        browser.open(&page(&folder, name, &sample));
        same_values(&browser, &sample.json());
        assert_eq!(browser.run(STRUCTURE), json!([]), "{name}");
        no_overflow(&browser);
    }
    let empty = Sample::many(0, 1);
    browser.open(&page(&folder, "empty.html", &empty));
    assert_eq!(browser.run(STRUCTURE), json!([]));
    assert_eq!(
        browser.run("return document.querySelectorAll('figure, table, nav').length"),
        json!(0)
    );
    assert_eq!(
        browser.run("return document.querySelector('h2').textContent"),
        json!("No figures yet")
    );
    no_overflow(&browser);
    silent(&browser, 4);
}
