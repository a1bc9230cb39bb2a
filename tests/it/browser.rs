//! A real browser for tests: Chromium, driven over the WebDriver protocol.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use tempfile::TempDir;

/// A browser without a window. It ends when it is dropped, also by a test that fails.
pub(crate) struct Browser {
    driver: Child,
    port: u16,
    session: String,
    process: Option<u64>,
    /// All that the browser writes.
    profile: TempDir,
}

const ARGUMENTS: [&str; 10] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-breakpad",
    "--no-first-run",
    "--hide-scrollbars",
];

impl Browser {
    /// Starts one on a free port.
    pub(crate) fn start() -> Self {
        let profile = tempfile::tempdir().unwrap();
        let mut driver = Command::new("chromedriver")
            .arg("--port=0")
            .env("TMPDIR", profile.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let output = BufReader::new(driver.stdout.take().unwrap());
        let mut browser = Self {
            driver,
            port: 0,
            session: String::new(),
            process: None,
            profile,
        };
        // From here on `drop` ends what was started.
        let port = output.lines().map_while(Result::ok).find_map(|line| {
            line.rsplit_once("started successfully on port ")?
                .1
                .trim_end_matches('.')
                .parse()
                .ok()
        });
        browser.port = port.expect("chromedriver prints its port");
        let mut arguments = ARGUMENTS.map(str::to_owned).to_vec();
        arguments.push(format!(
            "--user-data-dir={}",
            browser.profile.path().join("user").display()
        ));
        let options = json!({"binary": which("chromium"), "args": arguments});
        let wanted = json!({
            "browserName": "chrome",
            "goog:chromeOptions": options,
            "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"},
        });
        let begun = browser.ask(
            "POST",
            "/session",
            &json!({"capabilities": {"alwaysMatch": wanted}}),
        );
        begun["sessionId"]
            .as_str()
            .expect("a session")
            .clone_into(&mut browser.session);
        browser.process = begun["capabilities"]["goog:processID"].as_u64();
        browser.theme("light");
        // The browser's own first page asks for a lot; nothing of that is a test's.
        browser.post("url", &json!({"url": "about:blank"}));
        browser.noticed();
        browser
    }

    /// Opens a file.
    pub(crate) fn open(&self, file: &Path) {
        self.post("url", &json!({"url": format!("file://{}", file.display())}));
    }

    /// Runs a function body on the page and answers what it returns.
    pub(crate) fn run(&self, script: &str) -> Value {
        self.post("execute/sync", &json!({"script": script, "args": []}))
    }

    /// Runs it with one argument.
    pub(crate) fn run_with(&self, script: &str, argument: &Value) -> Value {
        self.post(
            "execute/sync",
            &json!({"script": script, "args": [argument]}),
        )
    }

    /// Clicks the element that a selector finds.
    pub(crate) fn click(&self, selector: &str) {
        let element = self.element(selector);
        self.post(&format!("element/{element}/click"), &json!({}));
    }

    /// Empties a field and types into it.
    pub(crate) fn write(&self, selector: &str, words: &str) {
        let element = self.element(selector);
        self.post(&format!("element/{element}/clear"), &json!({}));
        self.post(&format!("element/{element}/value"), &json!({"text": words}));
    }

    /// Presses keys one after the other; `\u{E004}` is Tab and `\u{E007}` Enter.
    pub(crate) fn press(&self, keys: &str) {
        let strokes = keys.chars().flat_map(|key| {
            let key = key.to_string();
            [
                json!({"type": "keyDown", "value": key}),
                json!({"type": "keyUp", "value": key}),
            ]
        });
        let strokes: Vec<Value> = strokes.collect();
        self.post(
            "actions",
            &json!({"actions": [{"type": "key", "id": "keyboard", "actions": strokes}]}),
        );
    }

    /// Makes the window so wide and high, in pixels of the page.
    pub(crate) fn resize(&self, width: u32, height: u32) {
        let metrics =
            json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        self.develop("Emulation.setDeviceMetricsOverride", &metrics);
    }

    /// Takes the theme of a desk: `light` or `dark`.
    pub(crate) fn theme(&self, theme: &str) {
        // Without motion, since what still scrolls cannot be clicked.
        let features = json!([
            {"name": "prefers-color-scheme", "value": theme},
            {"name": "prefers-reduced-motion", "value": "reduce"},
        ]);
        self.develop(
            "Emulation.setEmulatedMedia",
            &json!({"media": "", "features": features}),
        );
    }

    /// Shows the page as it is printed from a dark desk.
    pub(crate) fn paper(&self) {
        let features = json!([{"name": "prefers-color-scheme", "value": "dark"}]);
        self.develop(
            "Emulation.setEmulatedMedia",
            &json!({"media": "print", "features": features}),
        );
    }

    /// Returns what the console holds and what was requested since it was asked last: levels with
    /// messages, and addresses.
    pub(crate) fn noticed(&self) -> (Vec<String>, Vec<String>) {
        let entries = |kind: &str| {
            self.post("se/log", &json!({"type": kind}))
                .as_array()
                .cloned()
                .unwrap_or_default()
        };
        let console = entries("browser")
            .iter()
            .map(|entry| format!("{} {}", entry["level"], entry["message"]))
            .collect();
        let requested = entries("performance").into_iter().filter_map(|entry| {
            let message: Value = serde_json::from_str(entry["message"].as_str()?).ok()?;
            let message = &message["message"];
            let sent = message["method"] == "Network.requestWillBeSent";
            sent.then(|| message["params"]["request"]["url"].as_str())?
                .map(str::to_owned)
        });
        (console, requested.collect())
    }

    fn develop(&self, command: &str, parameters: &Value) {
        self.post(
            "goog/cdp/execute",
            &json!({"cmd": command, "params": parameters}),
        );
    }

    fn element(&self, selector: &str) -> String {
        let found = self.post(
            "element",
            &json!({"using": "css selector", "value": selector}),
        );
        found
            .as_object()
            .unwrap()
            .values()
            .next()
            .unwrap()
            .as_str()
            .unwrap()
            .to_owned()
    }

    #[track_caller]
    fn post(&self, command: &str, body: &Value) -> Value {
        self.ask(
            "POST",
            &format!("/session/{}/{command}", self.session),
            body,
        )
    }

    #[track_caller]
    fn ask(&self, method: &str, path: &str, body: &Value) -> Value {
        let answer = self
            .try_ask(method, path, body)
            .unwrap_or_else(|error| panic!("{method} {path}: {error}"));
        assert!(
            answer["value"]["error"].is_null(),
            "{method} {path}: {answer:#}"
        );
        answer["value"].clone()
    }

    /// Sends one request over a connection of its own.
    fn try_ask(&self, method: &str, path: &str, body: &Value) -> std::io::Result<Value> {
        let body = body.to_string();
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        stream.set_read_timeout(Some(Duration::from_mins(1)))?;
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\
             Connection: close\r\n\r\n{body}",
            self.port,
            body.len()
        )?;
        let mut reader = BufReader::new(stream);
        let mut length = 0;
        loop {
            let mut line = String::new();
            reader.read_line(&mut line)?;
            if line.trim().is_empty() {
                break;
            }
            if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                length = value.trim().parse().unwrap_or(0);
            }
        }
        let mut answer = vec![0; length];
        reader.read_exact(&mut answer)?;
        Ok(serde_json::from_slice(&answer)?)
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // The driver ends the browser with its session, and answers when that is done.
        let ended = self.session.is_empty()
            || self
                .try_ask("DELETE", &format!("/session/{}", self.session), &json!({}))
                .is_ok_and(|answer| answer["value"].is_null());
        if let (false, Some(process)) = (ended, self.process) {
            let _ = Command::new("kill")
                .args(["-KILL", &process.to_string()])
                .stderr(Stdio::null())
                .status();
        }
        let _ = self.driver.kill();
        let _ = self.driver.wait();
        // The last processes of the browser may still be writing.
        let begun = Instant::now();
        while std::fs::remove_dir_all(self.profile.path()).is_err()
            && begun.elapsed() < Duration::from_secs(5)
        {
            std::thread::yield_now();
        }
    }
}

fn which(program: &str) -> String {
    let found = Command::new("sh")
        .args(["-c", &format!("command -v {program}")])
        .output()
        .unwrap();
    String::from_utf8(found.stdout).unwrap().trim().to_owned()
}
