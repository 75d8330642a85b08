//! Serving: connections taken until asked to stop, then finished within a grace.

use std::future::{Future, IntoFuture as _};
use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::TcpListener;

use crate::app::App;
use crate::router::router;

/// How long open requests may take to finish once the node is to stop.
const GRACE: Duration = Duration::from_secs(8);

/// Serves until `stop` resolves, then lets open requests finish for a grace.
///
/// # Errors
/// What the operating system says when connections can no longer be taken.
pub async fn serve(
    listener: TcpListener,
    app: App,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let (said, heard) = tokio::sync::oneshot::channel::<()>();
    let told = app.stopping.clone();
    let service = router(app).into_make_service_with_connect_info::<SocketAddr>();
    let stopping = async move {
        stop.await;
        told.send_replace(true);
        // The receiver waits for as long as the server runs.
        let _ = said.send(());
    };
    let server = axum::serve(listener, service).with_graceful_shutdown(stopping);
    tokio::select! {
        ended = server.into_future() => ended,
        () = after_grace(heard) => Ok(()),
    }
}

/// Resolves when the grace after the call to stop is over: a slow client does not hold the node up.
async fn after_grace(heard: tokio::sync::oneshot::Receiver<()>) {
    if heard.await.is_ok() {
        tokio::time::sleep(GRACE).await;
    } else {
        std::future::pending::<()>().await;
    }
}
