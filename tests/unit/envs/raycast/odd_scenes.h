// What models can have beside what the suite has, for comparing the plain and the fast renderer.

#ifndef SACCADE_TESTS_UNIT_ENVS_RAYCAST_ODD_SCENES_H_
#define SACCADE_TESTS_UNIT_ENVS_RAYCAST_ODD_SCENES_H_

#include "tests/unit/envs/raycast/scenes.h"

namespace saccade::raycast {

// What a picture may be of beside what the suite has, all of it in one scene or another.
inline constexpr NamedScene kOddScenes[] = {
    {"TheEyeInsideOfGeoms", 0, R"(
      <mujoco>
        <asset><texture type='skybox' builtin='gradient' rgb1='.3 .5 .7' width='60' height='360'/></asset>
        <worldbody>
          <light pos='0 0 3'/>
          <camera pos='0 0 1' euler='80 10 0'/>
          <camera pos='.2 0 0.01' euler='95 0 0' fovy='150'/>
          <camera pos='0 0 -1' euler='120 0 0'/>
          <camera pos='0 -1 1' euler='80 5 0'/>
          <geom type='plane' size='3 3 .2' rgba='.8 .8 .8 1'/>
          <geom type='capsule' size='.05 .5' pos='0 -1 1' euler='80 0 0' rgba='1 0 1 1'/>
          <geom type='sphere' size='.5' pos='0 0 1' rgba='1 0 0 1'/>
          <geom type='capsule' size='.05 .5' pos='0 0 1' euler='80 0 0' rgba='0 1 0 1'/>
          <geom type='box' size='.4 .2 .1' pos='0 0 0' rgba='0 0 1 1'/>
          <geom type='cylinder' size='.1 .4' pos='.2 .6 .2' rgba='1 1 0 1'/>
        </worldbody>
      </mujoco>)"},
    {"DecodedAndSmallTextures", 0, R"(
      <mujoco>
        <asset>
          <texture name='s' type='2d' builtin='checker' width='7' height='5' colorspace='sRGB'
                   rgb1='.2 .4 .6' rgb2='.9 .5 .1'/>
          <texture name='one' type='2d' builtin='flat' width='1' height='1' rgb1='.3 .6 .9'/>
          <texture name='cube' type='cube' builtin='gradient' width='1' height='6' rgb1='1 0 0'/>
          <material name='s' texture='s' texrepeat='3 2'/>
          <material name='one' texture='one' texrepeat='50 40'/>
          <material name='cube' texture='cube'/>
        </asset>
        <worldbody>
          <light pos='0 0 3'/>
          <camera pos='0 -2 1.5' xyaxes='1 0 0 0 .7 1'/>
          <geom type='plane' size='2 2 .2' material='s'/>
          <geom size='.3' pos='-.6 0 .4' material='s'/>
          <geom size='.3' pos='.6 0 .4' material='cube'/>
          <geom type='box' size='.2 .2 .2' pos='0 0 .3' material='one'/>
        </worldbody>
      </mujoco>)"},
    // Pieces that cross the near plane and the mirror, and triangles that reach far out of the picture.
    {"BesideAWallThatIsMirrored", 0, R"(
      <mujoco>
        <asset>
          <material name='mirror' reflectance='.5'/>
          <mesh name='tetrahedron' vertex='-1 0 -1  1 0 -1  0 0 1  0 1 0'/>
        </asset>
        <worldbody>
          <light pos='0 0 3'/>
          <camera pos='0 0 .3' xyaxes='1 0 0 0 .1 1'/>
          <camera pos='0 0 .3' xyaxes='1 .2 0 0 .3 1' fovy='100'/>
          <camera pos='.1 -1.5 .3' xyaxes='1 0 0 0 .1 1' fovy='2'/>
          <geom type='plane' size='5 5 .5' material='mirror' rgba='.3 .4 .5 1'/>
          <geom type='box' size='.1 6 2' pos='.4 0 .5' rgba='.9 .3 .2 1'/>
          <geom type='box' size='.1 6 2' pos='-.5 0 .5' euler='0 10 0' rgba='.2 .9 .3 1'/>
          <geom type='mesh' mesh='tetrahedron' pos='0 1 .5' rgba='.8 .8 .2 1'/>
        </worldbody>
      </mujoco>)"},
    {"ABallOfFewFacetsSunkIntoAMirror", 0, R"(
      <mujoco>
        <visual><quality numslices='6' numstacks='4'/></visual>
        <asset>
          <texture name='t' type='2d' builtin='checker' width='16' height='16' rgb1='1 0 0'
                   rgb2='0 .3 .9'/>
          <material name='t' texture='t' texrepeat='4 4'/>
          <material name='mirror' reflectance='.5'/>
        </asset>
        <worldbody>
          <light pos='0 0 3'/>
          <camera pos='0 -2 1' xyaxes='1 0 0 0 .5 1'/>
          <geom type='plane' size='2 2 .2' material='mirror' rgba='.3 .3 .3 1'/>
          <geom size='.6' pos='0 0 .05' material='t'/>
        </worldbody>
      </mujoco>)"},
    // A view beside the sky's cylinder.
    {"AWideOrthographicCamera", 0, R"(
      <mujoco>
        <statistic extent='.1'/>
        <asset><texture type='skybox' builtin='gradient' rgb1='.3 .5 .7' width='60' height='360'/></asset>
        <worldbody>
          <light pos='0 0 3'/>
          <camera pos='0 -1 .3' xyaxes='1 0 0 0 .3 1' projection='orthographic' fovy='20'/>
          <geom size='2' rgba='1 0 0 1'/>
        </worldbody>
      </mujoco>)"},
    {"FlatAndTinyGeoms", 0, R"(
      <mujoco>
        <worldbody>
          <light pos='0 0 3' dir='.1 .1 -1' type='directional'/>
          <camera pos='0 -2 1' xyaxes='1 0 0 0 .5 1'/>
          <geom type='ellipsoid' size='.4 .4 1e-6' pos='0 0 .2' rgba='1 .5 0 1'/>
          <geom type='cylinder' size='.3 1e-7' pos='.5 0 .4' rgba='0 .5 1 1'/>
          <geom type='box' size='.3 1e-6 .3' pos='-.5 .2 .4' rgba='0 1 .5 1'/>
          <geom size='1e-6' pos='0 -.5 .5'/>
          <geom type='capsule' size='1e-3 1' pos='0 .5 .5' euler='0 90 0'/>
          <geom type='plane' size='2 2 2' rgba='.5 .5 .5 1'/>
        </worldbody>
      </mujoco>)"},
};

}  // namespace saccade::raycast

#endif  // SACCADE_TESTS_UNIT_ENVS_RAYCAST_ODD_SCENES_H_
