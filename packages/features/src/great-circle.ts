const earthRadiusKilometres = 6371.0088;
const radiansPerDegree = Math.PI / 180;

interface Coordinates {
  readonly latitude: number;
  readonly longitude: number;
}

/** Distance on the sphere of mean radius by the haversine formula, in kilometres. Inputs in degrees. */
export function greatCircleKilometres(from: Coordinates, to: Coordinates): number {
  const latitudeHalf = ((to.latitude - from.latitude) * radiansPerDegree) / 2;
  const longitudeHalf = ((to.longitude - from.longitude) * radiansPerDegree) / 2;
  const haversine =
    Math.sin(latitudeHalf) ** 2 +
    Math.cos(from.latitude * radiansPerDegree) *
      Math.cos(to.latitude * radiansPerDegree) *
      Math.sin(longitudeHalf) ** 2;
  return 2 * earthRadiusKilometres * Math.asin(Math.min(1, Math.sqrt(haversine)));
}
