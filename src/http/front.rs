//! What every request passes before a route sees it, and every response before it leaves, in this order on one page.

use std::sync::Arc;

use poem::{
    Endpoint, IntoResponse, Request, Response, Result,
    http::{StatusCode, header},
};

use super::{
    access::Entry,
    allow::Methods,
    errors, headers,
    host::{self, HostError},
    problem::Problem,
    rates::Rates,
    site, size,
};
use crate::{config::Limits, domain::origin::Origin, tls::Certificates};

/// Routes behind their guards.
pub struct Front<E> {
    routes: E,
    origin: Origin,
    rates: Arc<Rates>,
    methods: Methods,
    certificates: Option<Arc<Certificates>>,
}

/// Why a request does not reach a route.
enum Refusal {
    Host(HostError),
    Problem(Problem),
}

impl From<HostError> for Refusal {
    fn from(error: HostError) -> Self {
        Self::Host(error)
    }
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl<E> Front<E> {
    /// Puts guards before routes that answer to `origin`.
    pub fn new(routes: E, origin: Origin, limits: &Limits) -> Self {
        let rates = Arc::new(Rates::new(limits));
        Self { routes, origin, rates, methods: Methods::default(), certificates: None }
    }

    /// Takes the methods for `Allow` from the API's description.
    #[must_use]
    pub fn with_methods(mut self, methods: Methods) -> Self {
        self.methods = methods;
        self
    }

    /// Asks these certificates whether browsers may be told to insist on https.
    #[must_use]
    pub fn with_certificates(mut self, certificates: Arc<Certificates>) -> Self {
        self.certificates = Some(certificates);
        self
    }

    /// The buckets, for whoever makes them forget from time to time.
    #[must_use]
    pub fn rates(&self) -> Arc<Rates> {
        self.rates.clone()
    }

    fn admit(&self, request: &mut Request) -> Result<(), Refusal> {
        host::check(request, &self.origin)?;
        self.rates.check(request)?;
        site::check(request, &self.origin)?;
        size::cap(request)?;
        Ok(())
    }
}

impl<E> Front<E>
where
    E: Endpoint,
    E::Output: IntoResponse,
{
    async fn answer(&self, mut request: Request) -> Response {
        match self.admit(&mut request) {
            Ok(()) => errors::answer(&self.routes, request).await,
            Err(Refusal::Host(error)) => host::refuse(&error, &request, &self.origin),
            Err(Refusal::Problem(problem)) => problem.into_response(),
        }
    }
}

impl<E> Endpoint for Front<E>
where
    E: Endpoint,
    E::Output: IntoResponse,
{
    type Output = Response;

    async fn call(&self, request: Request) -> Result<Response> {
        let entry = Entry::begin(&request);
        let mut response = self.answer(request).await;
        if response.status() == StatusCode::METHOD_NOT_ALLOWED && !response.headers().contains_key(header::ALLOW) {
            response.headers_mut().insert(header::ALLOW, self.methods.of(entry.path()));
        }
        let pinned = self.certificates.as_ref().is_some_and(|certificates| certificates.may_pin());
        headers::apply(&mut response, entry.path(), pinned);
        entry.end(&mut response);
        Ok(response)
    }
}
