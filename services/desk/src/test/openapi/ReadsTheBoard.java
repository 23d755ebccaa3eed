import io.parley.client.ApiClient;
import io.parley.client.api.ReadsApi;
import io.parley.client.model.Link;
import io.parley.client.model.Seat;
import io.parley.client.model.Seats;

/**
 * Reads the board of a negotiation by the client that is generated from the OpenAPI document:
 * arguments are its address, the negotiation, and a scope. It is compiled against that client, so
 * that a document which says less is found here.
 */
final class ReadsTheBoard {
  public static void main(String[] arguments) throws Exception {
    ApiClient client = new ApiClient();
    client.updateBaseUri(arguments[0]);
    ReadsApi reads = new ReadsApi(client);
    String negotiation = arguments[1];
    System.out.println(
        reads
            .negotiationOne(
                ReadsApi.APINegotiationOneRequest.newBuilder().negotiation(negotiation).build())
            .get("title"));
    Seats seats =
        reads.attendanceRoom(
            ReadsApi.APIAttendanceRoomRequest.newBuilder()
                .negotiation(negotiation)
                .scope(arguments[2])
                .build());
    for (Seat seat : seats.getPeople()) {
      Link first = seat.getBecause().isEmpty() ? null : seat.getBecause().getFirst();
      System.out.printf(
          "%s %s %s%n",
          seat.getName(), seat.getDerived(), first == null ? "" : first.getSequence());
    }
  }
}
