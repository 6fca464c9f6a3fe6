//! Embeds the style sheet, the script and the icon, so that the server is one file.

fn main() {
    // Embedded in debug builds too: what the tests see is what is served.
    memory_serve::load_names_directories([("assets", "assets")], true);
}
