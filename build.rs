//! Builds the web UI into `OUT_DIR/web`, where the binary embeds it, with brotli and gzip forms beside each file.
//!
//! `ALCOVE_WEB=none` leaves it out (for checks of the Rust code alone); `ALCOVE_WEB=prebuilt` takes `web/dist`.

use std::{
    env, fs, io,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

/// What the web UI is made of.
const SOURCES: [&str; 10] = [
    "src",
    "public",
    "build",
    "locales",
    "index.html",
    "package.json",
    "package-lock.json",
    "vite.config.ts",
    "svelte.config.js",
    "tsconfig.json",
];
const NO_UI: &str =
    "<!doctype html>\n<html lang=\"en\">\n<title>Alcove</title>\n<p>This build has no web UI.</p>\n</html>\n";
const NEEDS_NODE: &str = "building the web UI needs Node.js 20.19 or newer with npm on the PATH: install it, or set \
    ALCOVE_WEB=prebuilt to take web/dist, or ALCOVE_WEB=none for a binary without the UI";
/// Smaller files gain nothing that a packet notices.
const WORTH_COMPRESSING_BYTES: usize = 512;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("cargo::error={error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), String> {
    let web = Path::new(&variable("CARGO_MANIFEST_DIR")?).join("web");
    let out = PathBuf::from(variable("OUT_DIR")?).join("web");
    println!("cargo::rerun-if-env-changed=ALCOVE_WEB");
    let mode = env::var("ALCOVE_WEB").unwrap_or_default();
    let sources = match mode.as_str() {
        "none" => &[][..],
        "prebuilt" => &["dist"][..],
        _ => &SOURCES[..],
    };
    println!("cargo::rerun-if-changed=build.rs");
    // A path that does not exist would make every build a changed one.
    for name in sources.iter().filter(|name| web.join(name).exists()) {
        println!("cargo::rerun-if-changed=web/{name}");
    }
    remake(&out).map_err(|error| format!("{}: {error}", out.display()))?;
    match mode.as_str() {
        "none" => fs::write(out.join("index.html"), NO_UI).map_err(|error| error.to_string())?,
        "prebuilt" => {
            copy(&web.join("dist"), &out).map_err(|error| format!("ALCOVE_WEB=prebuilt, but web/dist: {error}"))?;
        }
        "" => build(&web, &out)?,
        other => return Err(format!("ALCOVE_WEB is none, prebuilt or absent, not {other}")),
    }
    compress(&out).map_err(|error| format!("compressing the web UI: {error}"))
}

fn variable(name: &str) -> Result<String, String> {
    env::var(name).map_err(|_| format!("cargo sets no {name}"))
}

fn build(web: &Path, out: &Path) -> Result<(), String> {
    install(web)?;
    let out = out.to_str().ok_or("OUT_DIR is not UTF-8")?;
    npm(web, &["run", "--silent", "build", "--", "--outDir", out, "--emptyOutDir", "--logLevel", "warn"])
}

/// Installs the packages when the lock changed since the last time.
fn install(web: &Path) -> Result<(), String> {
    let lock = fs::read(web.join("package-lock.json")).map_err(|error| format!("web/package-lock.json: {error}"))?;
    let stamp = web.join("node_modules/.alcove-lock");
    if fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    npm(web, &["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error"])?;
    fs::write(&stamp, lock).map_err(|error| format!("{}: {error}", stamp.display()))
}

fn npm(web: &Path, arguments: &[&str]) -> Result<(), String> {
    let output = Command::new("npm").current_dir(web).args(arguments).env("NO_COLOR", "1").output();
    let output = output.map_err(|_| NEEDS_NODE.to_owned())?;
    if output.status.success() {
        return Ok(());
    }
    for line in String::from_utf8_lossy(&output.stderr).lines().chain(String::from_utf8_lossy(&output.stdout).lines()) {
        println!("cargo::warning={line}");
    }
    Err(format!("npm {} failed in web/ ({}); its output is above", arguments.join(" "), output.status))
}

fn remake(dir: &Path) -> io::Result<()> {
    if dir.exists() {
        fs::remove_dir_all(dir)?;
    }
    fs::create_dir_all(dir)
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

fn compress(dir: &Path) -> io::Result<()> {
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        if path.is_dir() {
            compress(&path)?;
        } else if path.extension().is_some_and(is_compressible) {
            compress_file(&path)?;
        }
    }
    Ok(())
}

fn is_compressible(ending: &std::ffi::OsStr) -> bool {
    ["html", "js", "mjs", "css", "svg", "json", "webmanifest", "wasm", "ftl", "txt"]
        .iter()
        .any(|known| ending == *known)
}

fn compress_file(path: &Path) -> io::Result<()> {
    let plain = fs::read(path)?;
    if plain.len() < WORTH_COMPRESSING_BYTES {
        return Ok(());
    }
    let mut brotli = Vec::new();
    let settings = brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 22, ..Default::default() };
    brotli::BrotliCompress(&mut &plain[..], &mut brotli, &settings)?;
    let mut gzip = flate2::GzBuilder::new().write(Vec::new(), flate2::Compression::best());
    gzip.write_all(&plain)?;
    keep_if_smaller(path, "br", &brotli, plain.len())?;
    keep_if_smaller(path, "gz", &gzip.finish()?, plain.len())
}

fn keep_if_smaller(path: &Path, ending: &str, bytes: &[u8], plain_len: usize) -> io::Result<()> {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    if bytes.len() < plain_len { fs::write(name, bytes) } else { Ok(()) }
}
