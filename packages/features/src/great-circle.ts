const earthRadiusKilometres = 6371.0088;
const radiansPerDegree = Math.PI / 180;

interface Coordinates {
  readonly latitude: number;
  readonly longitude: number;
}

/** Distance on the sphere of mean radius by the haversine formula, in kilometres. Inputs in degrees. */
export function greatCircleKilometres(from: Coordinates, to: Coordinates): number {
  return kilometresBetween(from.latitude, from.longitude, to.latitude, to.longitude);
}

/** The same of plain numbers, for where an object for each place would be garbage. */
export function kilometresBetween(
  fromLatitude: number,
  fromLongitude: number,
  toLatitude: number,
  toLongitude: number,
): number {
  const latitudeHalf = ((toLatitude - fromLatitude) * radiansPerDegree) / 2;
  const longitudeHalf = ((toLongitude - fromLongitude) * radiansPerDegree) / 2;
  const haversine =
    Math.sin(latitudeHalf) ** 2 +
    Math.cos(fromLatitude * radiansPerDegree) *
      Math.cos(toLatitude * radiansPerDegree) *
      Math.sin(longitudeHalf) ** 2;
  return 2 * earthRadiusKilometres * Math.asin(Math.min(1, Math.sqrt(haversine)));
}
