//! Which methods a path knows, for the `Allow` header of a 405, read from the API's own description.

use poem::http::HeaderValue;
use serde_json::Value;

/// The methods of every described path.
#[derive(Default)]
pub struct Methods {
    paths: Vec<(Vec<String>, HeaderValue)>,
}

/// What any other path knows: they are all pages.
const PAGES: HeaderValue = HeaderValue::from_static("GET, HEAD");

impl Methods {
    /// Reads an `OpenAPI` document whose paths lie below `base`.
    #[must_use]
    pub fn of_description(base: &str, description: &Value) -> Self {
        let paths = description["paths"].as_object().into_iter().flatten();
        let paths = paths.filter_map(|(path, item)| {
            let mut methods: Vec<String> = item.as_object()?.keys().map(|method| method.to_ascii_uppercase()).collect();
            if methods.iter().any(|method| method == "GET") {
                methods.push("HEAD".into());
            }
            methods.sort();
            let segments = format!("{base}{path}").split('/').map(str::to_owned).collect();
            Some((segments, HeaderValue::from_str(&methods.join(", ")).ok()?))
        });
        Self { paths: paths.collect() }
    }

    /// The value of `Allow` for a path.
    #[must_use]
    pub fn of(&self, path: &str) -> HeaderValue {
        let fits = |pattern: &[String]| {
            let mut segments = path.split('/');
            let all =
                pattern.iter().all(|part| segments.next().is_some_and(|seen| part.starts_with('{') || part == seen));
            all && segments.next().is_none()
        };
        self.paths.iter().find(|(pattern, _)| fits(pattern)).map_or(PAGES, |(_, methods)| methods.clone())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_description_says_which_methods_a_path_knows() {
        let description = json!({"paths": {"/me": {"get": {}}, "/clients/{id}": {"patch": {}, "delete": {}}}});
        let methods = Methods::of_description("/api/v1", &description);
        assert_eq!(methods.of("/api/v1/me"), "GET, HEAD");
        assert_eq!(methods.of("/api/v1/clients/cli_1"), "DELETE, PATCH");
        assert_eq!(methods.of("/"), "GET, HEAD");
    }
}
